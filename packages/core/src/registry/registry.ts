import {
  type Architecture,
  type ArchitectureTag,
  architectureSpecification,
  requireSpecification,
} from '../contracts/index.js'
import { ConvzooError } from '../errors/index.js'
import { functionOf, nearestNames, requireArguments, text } from '../options/index.js'
import { architectureKind } from './kinds.js'

/** An architecture with one of its tags. */
export interface ResolvedArchitecture {
  readonly architecture: Architecture
  readonly tagName: string
  readonly tag: ArchitectureTag
}

/** Architectures by name. */
export interface Registry {
  /**
   * Adds an architecture. The same package and version again does nothing; another version of it keeps the first and warns.
   *
   * @throws ConvzooError of kind `registry` if another package holds the name, of kind `specification` for an unknown contract.
   */
  register(architecture: Architecture): void
  /**
   * The architecture and tag of an id, `name` or `name.tag`. A deprecated id gives what took its place, and warns once.
   *
   * @throws ConvzooError of kind `registry` with the nearest names and what is registered.
   */
  resolve(id: string): ResolvedArchitecture
  list(): readonly Architecture[]
}

/** A registry of its own, for tests. `warn` gets one line at a time. */
export function createRegistry(warn: (line: string) => void = (line) => console.warn(line)): Registry {
  requireArguments('createRegistry', { warn: [functionOf(), warn] })
  const architectures = new Map<string, Architecture>()
  const warned = new Set<string>()
  const replacementOf = (id: string): string | undefined => {
    const renamed = [...architectures.values()].find(({ deprecated = {} }) => Object.hasOwn(deprecated, id))
    const replacement = renamed?.deprecated?.[id]
    if (replacement !== undefined && !warned.has(id)) {
      warned.add(id)
      warn(`The id "${id}" is deprecated; use "${replacement}".`)
    }
    return replacement
  }
  return {
    register(architecture) {
      requireArguments('register', { architecture: [architectureKind, architecture] })
      requireSpecification(
        `The architecture "${architecture.name}"`,
        architecture.specification,
        architectureSpecification,
      )
      const known = architectures.get(architecture.name)
      if (known === undefined) {
        architectures.set(architecture.name, architecture)
        return
      }
      if (known.package.name !== architecture.package.name) {
        throw new ConvzooError({
          kind: 'registry',
          message: `Two packages provide an architecture named "${architecture.name}".`,
          expected: `${known.package.name}, which was there first`,
          received: architecture.package.name,
          hint: 'uninstall one of them, or import only one',
        })
      }
      if (known.package.version !== architecture.package.version) {
        warn(
          `${architecture.package.name} is loaded in two versions; ${known.package.version} stays, ${architecture.package.version} is ignored.`,
        )
      }
    },
    resolve(asked) {
      requireArguments('resolve', { id: [text, asked] })
      const id = replacementOf(asked) ?? asked
      const [name = '', ...rest] = id.split('.')
      const architecture = architectures.get(name)
      const ids = [...architectures.values()].flatMap(idsOf)
      if (architecture === undefined) throw unknownId(id, ids)
      const tagName = rest.length === 0 ? defaultTag(architecture) : rest.join('.')
      const tag = Object.hasOwn(architecture.tags, tagName) ? architecture.tags[tagName] : undefined
      if (tag === undefined) throw unknownId(id, ids)
      return { architecture, tagName, tag }
    },
    list: () => [...architectures.values()].sort((a, b) => a.name.localeCompare(b.name, 'en')),
  }
}

/** The ids under which an architecture's networks can be asked for: its name, then each tag. */
export function idsOf(architecture: Architecture): readonly string[] {
  requireArguments('idsOf', { architecture: [architectureKind, architecture] })
  return [architecture.name, ...Object.keys(architecture.tags).map((tag) => `${architecture.name}.${tag}`)]
}

/** The tag that the bare name stands for. */
export function defaultTag(architecture: Architecture): string {
  requireArguments('defaultTag', { architecture: [architectureKind, architecture] })
  return Object.keys(architecture.tags)[0] ?? ''
}

function unknownId(id: string, ids: readonly string[]): ConvzooError {
  const near = nearestNames(id, ids)
  return new ConvzooError({
    kind: 'registry',
    message: `No architecture "${id}" is registered.`,
    expected: ids.length === 0 ? 'a registered id; none is registered' : `one of ${ids.join(', ')}`,
    received: id,
    hint: near.length === 0 ? 'install and import the package that provides it' : `did you mean ${near.join(' or ')}?`,
  })
}

const key: unique symbol = Symbol.for('convzoo.registry/v1')

const holder: typeof globalThis & { [key]?: Registry } = globalThis

/** The registry of this process, shared by every copy of core that is loaded. */
export function sharedRegistry(): Registry {
  holder[key] ??= createRegistry()
  return holder[key]
}

/** Adds an architecture to the registry of this process: what a plugin does when it is imported. See {@link Registry.register}. */
export function register(architecture: Architecture): void {
  sharedRegistry().register(architecture)
}
