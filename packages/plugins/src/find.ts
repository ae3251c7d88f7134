import { ConvzooError } from '@convzoo/core'
import { defineOptions, isOptionsObject, matching, optional, text } from '@convzoo/core/define'
import { type Contract, contracts, kindOf } from './contracts.js'
import { type Declaration, nothing, readDeclaration } from './declaration.js'
import { type Installed, installedFor, installedWith } from './installed.js'

/** A package that provides architectures, engines, optimizers or another thing that has a contract. */
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
  /** Names that are the program's own and that no package may take, by contract. None by default. */
  readonly reserved?: Reserved | undefined
}

type Reserved = Readonly<Partial<Record<Contract, readonly string[]>>>

/** What may be chosen of where plugins are looked for. */
export const findParts = {
  project: optional(text),
  program: optional(text),
  reserved: optional(
    matching(
      `lists of names under the contract that they follow, such as { "${contracts[2]}": ["sgdw"] }`,
      (given): given is Reserved =>
        isOptionsObject(given) &&
        Object.entries(given).every(
          ([contract, names]) =>
            contracts.some((known) => known === contract) &&
            Array.isArray(names) &&
            names.every((name) => typeof name === 'string'),
        ),
    ),
    {},
  ),
} as const

const options = defineOptions(findParts)

/**
 * The plugins among a project's installed packages, from their manifests alone: nothing is loaded. Where the project and the program
 * both have a package, the project's version counts; where two packages claim one name under one contract, the program's holds it, and
 * otherwise the first in the order of their names.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const { plugins, problems } = findPlugins({ project: process.cwd() })
 */
export function findPlugins(given: FindOptions = {}): FoundPlugins {
  const { project = process.cwd(), program, reserved } = options.parse('findPlugins', given)
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
    const reason = error ?? taken(plugin, reserved, plugins)
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
    if (ConvzooError.isInstance(error)) return { plugin: { ...installed, ...nothing }, error }
    throw error
  }
}

/** Why a package may not have the names that it claims: one of them is the program's own, or another package has it. */
function taken(plugin: Plugin, reserved: Reserved, others: readonly Plugin[]): ConvzooError | undefined {
  for (const contract of contracts) {
    for (const name of plugin.provides[contract]) {
      const what = `The package ${plugin.name} provides the ${kindOf(contract)} "${name}", a name that`
      const received = `${plugin.name}@${plugin.version}`
      if (reserved[contract]?.includes(name) === true) {
        return new ConvzooError({
          kind: 'registry',
          message: `${what} is one of convzoo's own.`,
          expected: `none of ${reserved[contract].join(', ')}`,
          received,
          hint: `uninstall it, or tell its author`,
        })
      }
      const holder = others.find((other) => other.provides[contract].includes(name))
      if (holder === undefined) continue
      return new ConvzooError({
        kind: 'registry',
        message: `${what} another package holds.`,
        expected: `${holder.name}@${holder.version}, which holds it`,
        received,
        hint: 'uninstall one of them',
      })
    }
  }
  return undefined
}
