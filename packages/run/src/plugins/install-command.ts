import { resolveCommand } from 'package-manager-detector/commands'
import { detect, getUserAgent } from 'package-manager-detector/detect'

/** The command that installs a package with the package manager of the project in the current folder. */
export async function installCommand(name: string): Promise<string> {
  const agent = (await detect())?.agent ?? getUserAgent() ?? 'npm'
  const { command, args } = resolveCommand(agent, 'add', [name]) ?? { command: 'npm', args: ['install', name] }
  return [command, ...args].join(' ')
}
