import { ConvzooError, defineOptions, optional, text } from '@convzoo/core'
import { type Declaration, readDeclaration } from './declaration.js'
import { type Installed, installedFor, installedWith } from './installed.js'

/** A package that provides architectures or engines. */
export interface Plugin extends Declaration {
  readonly name: string
  readonly version: string
  /** Where it is installed. */
  readonly folder: string
  /** Whether the user's project has it, or the program that looks brought it along. */
  readonly origin: 'project' | 'program'
}

/** A package that cannot be used as a plugin, and why. What it would provide is empty if its manifest cannot be read. */
export interface PluginProblem extends Plugin {
  readonly error: Error
}

export interface FoundPlugins {
  readonly plugins: readonly Plugin[]
  readonly problems: readonly PluginProblem[]
}

export interface FindOptions {
  /** A folder of the user's project; where the process was started by default. */
  readonly project?: string | undefined
  /** A folder of the program that looks: what it depends on counts too. None by default. */
  readonly program?: string | undefined
}

const options = defineOptions({ project: optional(text), program: optional(text) })

/**
 * The plugins among a project's installed packages, from their manifests alone: nothing is loaded. Where the project and the program
 * both have a package, the project's version counts; where two packages claim one name, the program's holds it, and otherwise the
 * first in the order of their names.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const { plugins, problems } = findPlugins({ project: process.cwd() })
 */
export function findPlugins(given: FindOptions = {}): FoundPlugins {
  const { project = process.cwd(), program } = options.parse('findPlugins', given)
  const own = installedFor(project)
  const brought = program === undefined ? [] : installedWith(program)
  const isIn = (list: readonly Installed[], { manifest }: Installed): boolean =>
    list.some((other) => other.manifest.name === manifest.name)
  const found = [
    ...brought.filter((one) => !isIn(own, one)).map((one) => describe(one, 'program')),
    ...own.filter((one) => isIn(brought, one)).map((one) => describe(one, 'project')),
    ...own.filter((one) => !isIn(brought, one)).map((one) => describe(one, 'project')),
  ]
  const plugins: Plugin[] = []
  const problems: PluginProblem[] = []
  for (const { plugin, error } of found.filter((one) => one !== undefined)) {
    const holder = plugins.find((other) => sharedName(plugin, other) !== undefined)
    const reason = error ?? (holder === undefined ? undefined : taken(plugin, holder))
    if (reason === undefined) plugins.push(plugin)
    else problems.push({ ...plugin, error: reason })
  }
  return { plugins, problems }
}

interface Described {
  readonly plugin: Plugin
  readonly error?: ConvzooError
}

function describe({ folder, manifest }: Installed, origin: Plugin['origin']): Described | undefined {
  const { name = '', version, convzoo } = manifest
  if (convzoo === undefined) return undefined
  const installed = { name, version: typeof version === 'string' ? version : '0.0.0', folder, origin }
  try {
    return { plugin: { ...installed, ...readDeclaration(`The package ${name}@${installed.version}`, convzoo) } }
  } catch (error) {
    if (ConvzooError.isInstance(error)) return { plugin: { ...installed, architectures: [], engines: [] }, error }
    throw error
  }
}

function sharedName(a: Declaration, b: Declaration): string | undefined {
  return (
    a.architectures.find((name) => b.architectures.includes(name)) ?? a.engines.find((name) => b.engines.includes(name))
  )
}

function taken(plugin: Plugin, holder: Plugin): ConvzooError {
  return new ConvzooError({
    kind: 'registry',
    message: `The package ${plugin.name} provides "${sharedName(plugin, holder)}", a name that another package holds.`,
    expected: `${holder.name}@${holder.version}, which holds it`,
    received: `${plugin.name}@${plugin.version}`,
    mend: 'uninstall one of them',
  })
}
