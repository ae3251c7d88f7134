import { ConvzooError, describeValue } from '../../errors/index.js'
import { nearestNames } from '../../options/index.js'
import type { ScheduleDefinition } from './definition.js'

const key: unique symbol = Symbol.for('convzoo.schedules/v1')

const holder: typeof globalThis & { [key]?: Map<string, ScheduleDefinition> } = globalThis

/** The kinds of schedules of this process by name, shared by every copy of core that is loaded. */
function table(): Map<string, ScheduleDefinition> {
  holder[key] ??= new Map()
  return holder[key]
}

/**
 * Adds a kind of schedule. Of a package in two versions, the first that is loaded stays.
 *
 * @throws ConvzooError of kind `registry` if another package holds the name.
 */
export function addSchedule(definition: ScheduleDefinition): void {
  const known = table().get(definition.name)
  if (known === undefined) {
    table().set(definition.name, definition)
    return
  }
  if (known.package === definition.package) return
  throw new ConvzooError({
    kind: 'registry',
    message: `Two packages provide a schedule named "${definition.name}".`,
    expected: `${known.package}, which was there first`,
    received: definition.package,
    hint: 'uninstall one of them, or import only one',
  })
}

/**
 * Every kind of schedule that is known, by name: core's own, and those of plugins that were imported.
 *
 * @example
 * Object.keys(scheduleDefinitions()) // ['constant', 'cosine', …]
 */
export function scheduleDefinitions(): Readonly<Record<string, ScheduleDefinition>> {
  return Object.fromEntries(table())
}

/** The kind of this name; `undefined` where there is none. */
export function scheduleNamed(name: unknown): ScheduleDefinition | undefined {
  return typeof name === 'string' ? table().get(name) : undefined
}

/** The error for the name of a schedule that nobody provides. */
export function unknownSchedule(name: unknown): ConvzooError {
  const names = [...table().keys()]
  const near = typeof name === 'string' ? nearestNames(name, names) : []
  return new ConvzooError({
    kind: 'option',
    message: 'No schedule has this name.',
    expected: `one of ${names.join(', ')}`,
    received: describeValue(name),
    hint: near.length === 0 ? 'import the package that provides it' : `did you mean ${near.join(' or ')}?`,
  })
}
