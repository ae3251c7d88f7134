import {
  type Defined,
  defined,
  defineOptions,
  functionOf,
  type Given,
  type OptionKinds,
  type OptionsInput,
  type OptionsOutput,
  optionKinds,
  text,
} from '../options/index.js'
import { definedKind } from '../recognise/index.js'
import { type Engine, engineSpecification } from './engine.js'
import { requireMade } from './made.js'
import { requireSpecification } from './specification.js'

/** What a package says of its engine. */
export interface EngineDescription<K extends OptionKinds> {
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

/** A kind of engine: a function that makes one from its options, and the data that lists, flags and schemas are made of. */
export type EngineDefinition<K extends OptionKinds = OptionKinds> = ((...given: Given<OptionsInput<K>>) => Engine) &
  Defined & { readonly specification: typeof engineSpecification; readonly options: K }

const parts = defineOptions({
  specification: text,
  name: text,
  title: text,
  options: optionKinds,
  create: functionOf(),
})

/**
 * Defines an engine. The package exports the result under the engine's name and declares it in its package.json, as
 * `"convzoo": { "engine/v1": ["onnx"] }`: then it is found and can be chosen by name.
 *
 * @throws ConvzooError of kind `specification` for an unknown contract, of kind `option` for a part that is missing or does not fit. What
 * it gives throws one of kind `option` for an unknown option or a bad value, of kind `specification` where `create` gives no engine.
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
export function defineEngine<const K extends OptionKinds>(description: EngineDescription<K>): EngineDefinition<K> {
  const { name, title } = parts.parse('defineEngine', description)
  const { specification, options, create } = description
  requireSpecification(`The engine "${name}"`, specification, engineSpecification)
  const kinds: { parse(subject: string, input: unknown): OptionsOutput<K> } = defineOptions(options)
  const make = (...[given]: Given<OptionsInput<K>>): Engine => {
    const made = create(kinds.parse(`engine ${name}`, given))
    const engine = requireMade<typeof made>(`the engine "${name}"`, made, ['devices', 'compile'])
    return {
      specification,
      name,
      devices: () => engine.devices(),
      compile: (program, how) => engine.compile(program, how),
    }
  }
  return defined('engine', make, { specification, name, title, options })
}

/** Whether this is what {@link defineEngine} gives, of whatever copy of core. A plain function that makes engines is none. */
export function isEngineDefinition(value: unknown): value is EngineDefinition {
  return definedKind(value) === 'engine'
}
