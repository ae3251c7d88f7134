import { describeValue } from '../errors/index.js'
import { functionOf, isOptionsObject, matching, requireArguments, text } from '../options/index.js'
import { type AnyOption, defineOptions, isOption, type OptionsInput, type OptionsOutput } from '../options/options.js'
import { type Engine, engineSpecification } from './engine.js'
import { requireSpecification } from './specification.js'

type Kinds = Readonly<Record<string, AnyOption>>

/** What a package says of its engine. */
export interface EngineParts<K extends Kinds> {
  readonly specification: typeof engineSpecification
  /** `onnx`, `tfjs`, …: what `--engine` takes, what the package declares, and the name under which it exports the definition. */
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  /**
   * Its options, each with what it is for: flags, help, defaults and schemas are made of them. An engine that has several devices takes
   * the name of one as `device`.
   */
  readonly options: K
  /** Makes the engine of options that fit. Nothing is loaded yet. */
  readonly create: (options: OptionsOutput<K>) => Pick<Engine, 'devices' | 'compile'>
}

const marker: unique symbol = Symbol.for('convzoo.engine-definition/v1')

/** Its options, which may be left out where none is required. */
type EngineArguments<K extends Kinds> =
  object extends OptionsInput<K> ? [options?: OptionsInput<K>] : [options: OptionsInput<K>]

/** Makes engines, and says by which options: a function with data on it. */
export interface EngineDefinition<K extends Kinds = Kinds> {
  (...options: EngineArguments<K>): Engine
  readonly [marker]: true
  readonly specification: typeof engineSpecification
  readonly name: string
  readonly title: string
  /** The options by name, each with its description, its default and how JSON writes it. */
  readonly options: K
}

const parts = defineOptions({
  specification: text,
  name: text,
  title: text,
  options: matching(
    'options by name, such as { threads: optional(threadCount) }',
    (given): given is Kinds => isOptionsObject(given) && Object.values(given).every(isOption),
  ),
  create: functionOf(),
})

/**
 * Defines an engine. The package exports the result under the engine's name and declares it in its package.json, as
 * `"convzoo": { "engine/v1": ["onnx"] }`: then it is found and can be chosen by name.
 *
 * @throws ConvzooError of kind `specification` for an unknown contract, of kind `option` for a part that is missing or does not fit. What
 * it gives throws one of kind `option` for an unknown option or a bad value.
 * @example
 * export const plain = defineEngine({
 *   specification: 'engine/v1',
 *   name: 'plain',
 *   title: 'plain JavaScript',
 *   options: { threads: described('threads that share an operator', optional(threadCount, 1)) },
 *   create: ({ threads }) => ({ devices: async () => [{ device: 'cpu', available: true, description: 'any' }], compile: … }),
 * })
 * const engine = plain({ threads: 2 })
 */
export function defineEngine<const K extends Kinds>(definition: EngineParts<K>): EngineDefinition<K> {
  requireArguments('defineEngine', {
    definition: [matching('{ specification, name, title, options, create }', isOptionsObject), definition],
  })
  const subject = `The engine ${describeValue(definition.name)}`
  requireSpecification(subject, definition.specification, engineSpecification)
  parts.parse(`the engine definition ${describeValue(definition.name)}`, definition)
  const { specification, name, title, options, create } = definition
  const kinds: { parse(subject: string, input: unknown): OptionsOutput<K> } = defineOptions(options)
  const make = (...[given]: EngineArguments<K>): Engine => {
    const engine = create(kinds.parse(`engine ${name}`, given))
    return {
      specification,
      name,
      devices: () => engine.devices(),
      compile: (program, how) => engine.compile(program, how),
    }
  }
  Object.defineProperty(make, 'name', { value: name })
  return Object.assign(make, { [marker]: true as const, specification, title, options })
}

/** Whether this is what {@link defineEngine} gives, of whatever copy of core. A plain function that makes engines is none. */
export function isEngineDefinition(value: unknown): value is EngineDefinition {
  return typeof value === 'function' && Reflect.get(value, marker) === true
}
