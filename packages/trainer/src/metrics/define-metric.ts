import { ConvzooError } from '@convzoo/core'
import {
  type Defined,
  defineOptions,
  describeValue,
  functionOf,
  type Given,
  isOptionsObject,
  matching,
  type OptionKinds,
  type OptionsInput,
  type OptionsOutput,
  optional,
  requireSpecification,
  text,
} from '@convzoo/core/define'
import { type Metric, metricSpecification } from './metric.js'

/** All there is to know of a kind of metric. */
export interface MetricDescription<S extends OptionKinds> {
  readonly specification: typeof metricSpecification
  /** As configurations and flags write it; its value is recorded under it, unless `create` gives another name. */
  readonly name: string
  /** In a line, for lists and help. */
  readonly title: string
  /** Where it was published. */
  readonly source?: string
  readonly options: S
  /** Makes one. What is counted are variables of what `begin` gives. */
  readonly create: (options: OptionsOutput<S>) => Pick<Metric, 'begin'> & Partial<Metric>
}

/** A kind of metric: a function that makes one from its options, and the data that lists, help and schemas are made of. */
export type MetricDefinition<In extends object = never> = ((...given: Given<In>) => Metric) &
  Defined & { readonly specification: typeof metricSpecification }

const parts = defineOptions({
  specification: text,
  name: text,
  title: text,
  source: optional(text),
  options: matching('an object of options, such as { k: integer(1) }', (value): value is OptionKinds =>
    isOptionsObject(value),
  ),
  create: functionOf(),
})

const nameOption = matching(
  'letters, digits, - and _, at most 64, the first a letter',
  (value): value is string => typeof value === 'string' && /^[A-Za-z][\w-]{0,63}$/.test(value),
)

/** Whether this is a metric, of whatever package. */
export const isMetric = (value: unknown): value is Metric =>
  isOptionsObject(value) &&
  typeof Reflect.get(value, 'begin') === 'function' &&
  nameOption.parse(Reflect.get(value, 'name'), 'a metric') === Reflect.get(value, 'name')

/**
 * Defines a kind of metric. The result makes metrics from their options, and lists what these options are.
 *
 * @throws ConvzooError of kind `option` for a part of a definition that is unknown or does not fit, of kind `specification` for an
 * unknown contract. What it makes throws one of kind `option` for a bad option, of kind `specification` where `create` gives no metric.
 * @example
 * const confidence = defineMetric({
 *   specification: 'metric/v1',
 *   name: 'confidence',
 *   title: 'how probable the network holds what it takes images for',
 *   options: {},
 *   create: () => ({
 *     begin() {
 *       let sum = 0
 *       let count = 0
 *       return {
 *         add({ samples, classes, probabilities, predictions }) {
 *           for (let row = 0; row < samples; row++) sum += probabilities[row * classes + predictions[row]]
 *           count += samples
 *         },
 *         result: () => sum / count,
 *       }
 *     },
 *   }),
 * })
 * const { metrics } = await trainer.evaluate(test, { batchSize: 100, metrics: [confidence()] })
 */
export function defineMetric<const S extends OptionKinds>(
  description: MetricDescription<S>,
): MetricDefinition<OptionsInput<S>> {
  const { name, title, source } = parts.parse('defineMetric', description)
  requireSpecification(`The metric "${name}"`, description.specification, metricSpecification)
  const options = defineOptions(description.options)
  const make = (...[given]: Given<OptionsInput<S>>): Metric => {
    const made: unknown = description.create(options.parse(name, given as OptionsInput<S>))
    const metric: unknown = isOptionsObject(made) ? { name, ...made } : made
    if (isMetric(metric)) return metric
    throw new ConvzooError({
      kind: 'specification',
      message: `What "create" of the metric "${name}" gives cannot be used.`,
      expected: `an object with the function begin; its name ${nameOption.expected}`,
      received: describeValue(made),
    })
  }
  const data = { specification: metricSpecification, name, title, source, options: options.kinds } as const
  const entries = Object.entries(data).map(([key, value]) => [key, { value, enumerable: true }])
  return Object.defineProperties(make, Object.fromEntries(entries)) as typeof make & typeof data
}
