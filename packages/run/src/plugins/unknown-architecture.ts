import { ConvzooError } from '@convzoo/core'
import { nearestNames } from '@convzoo/core/define'
import type { FoundPlugins } from '@convzoo/plugins'
import { installCommand } from './install-command.js'
import { architectureKeyword, knownArchitectures } from './known.js'

/** The error for an id that no installed package provides: which package does, how to install it, and what is there already. */
export async function unknownArchitecture(id: string, { plugins, problems }: FoundPlugins): Promise<ConvzooError> {
  const [name = ''] = id.split('.')
  const providers = plugins.filter(({ architectures }) => architectures.length > 0)
  const installed = providers.flatMap(({ architectures }) => architectures)
  const provider = Object.hasOwn(knownArchitectures, name) ? knownArchitectures[name] : undefined
  const near = nearestNames(name, [...new Set([...installed, ...Object.keys(knownArchitectures)])])
  const unusable = problems.map(({ name: broken, error }) => `${broken} (${error.message.split('\n')[0]})`)
  return new ConvzooError({
    kind: 'registry',
    message:
      provider === undefined
        ? `No package that is installed provides the architecture "${id}".`
        : `The architecture "${id}" is provided by ${provider}, which is not installed.`,
    expected:
      providers.length === 0
        ? 'an installed architecture; none is installed'
        : `one of ${providers.map((one) => `${one.architectures.join(', ')} (${one.name}@${one.version})`).join(', ')}`,
    received: [id, ...unusable.map((one) => `cannot be used: ${one}`)].join('; '),
    hint:
      provider !== undefined
        ? await installCommand(provider)
        : near.length > 0
          ? `did you mean ${near.join(' or ')}?`
          : `install the package that provides it; npm search keywords:${architectureKeyword} lists some`,
  })
}
