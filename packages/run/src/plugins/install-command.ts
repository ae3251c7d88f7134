/** The command that installs a package with the package manager of the project in the current folder. */
export async function installCommand(name: string): Promise<string> {
  const [{ resolveCommand }, { detect, getUserAgent }] = await Promise.all([
    import('package-manager-detector/commands'),
    import('package-manager-detector/detect'),
  ])
  const agent = (await detect())?.agent ?? getUserAgent() ?? 'npm'
  const { command, args } = resolveCommand(agent, 'add', [name]) ?? { command: 'npm', args: ['install', name] }
  return [command, ...args].join(' ')
}
