import { describeValue } from '../errors/index.js'
import { shapeKind } from '../graph/attributes.js'
import { opsKind } from '../graph/ops.js'
import type { Value } from '../graph/value.js'
import { valueKind } from '../graph/value.js'
import {
  boolean,
  defineOptions,
  fieldsOf,
  functionOf,
  invalid,
  isOptionsObject,
  matching,
  type Options,
  oneOf,
  optional,
  requireArguments,
  text,
} from '../options/index.js'
import { isShape, type Shape, type Window } from '../shape.js'
import { applicable, type LayerFunction } from './apply-layer.js'
import { checkedCount, checkedShape, checkedWeights, checkedWindow } from './checked-layer.js'
import type { CallContext, Layer, NonEmpty, WeightDeclaration } from './contract.js'

/** All there is to know of a kind of layer. */
export interface LayerDefinition<In, Out, Weights extends Readonly<Record<string, WeightDeclaration | undefined>>> {
  readonly type: string
  /** The class name in Keras, from which names and summaries follow. */
  readonly keras: string
  /** How many inputs it takes. */
  readonly inputs?: 'one' | 'many'
  readonly options: Options<In, Out>
  /** Shapes are without the batch axis; `name` is the layer's, for errors. */
  readonly outputShape: (inputs: NonEmpty<Shape>, options: Out, name: string) => Shape
  readonly weights?: (inputs: NonEmpty<Shape>, options: Out, name: string) => Weights
  /** Multiplications, each with its addition, for one sample. */
  readonly multiplyAdds?: (inputs: NonEmpty<Shape>, options: Out, output: Shape) => number
  /**
   * The window through which it looks at its image, from which receptive fields follow. Without one, an output cell is made of the
   * cell at its place where height and width stay, and of the whole image where they do not.
   */
  readonly window?: (inputs: NonEmpty<Shape>, options: Out) => Window
  /** The forward pass on values [N, …], traced once for every engine. */
  readonly call: (
    context: CallContext<Extract<keyof Weights, string>>,
    inputs: NonEmpty<Value>,
    weights: { readonly [K in keyof Weights]: Value },
    options: Out,
  ) => Value
}

/** What every layer takes besides its own options. */
export interface CommonOptions {
  /** Its name instead of the counted one. */
  readonly name?: string
  /**
   * False freezes the layer, as Keras' `layer.trainable`: its weights have no gradient, slot, decay or average, and with weights it acts
   * as in inference. True by default.
   */
  readonly trainable?: boolean
}

/** Options, which may be left out where none is needed. */
export type LayerArguments<In> = object extends In ? [options?: In & CommonOptions] : [options: In & CommonOptions]

const commonOptions = defineOptions({ name: optional(text), trainable: optional(boolean, true) })
const commonOptionNames = ['name', 'trainable'] as const satisfies readonly (keyof CommonOptions)[]

/** What a definition may have. */
const definitionParts = defineOptions({
  type: text,
  keras: text,
  inputs: optional(oneOf('one', 'many'), 'one'),
  options: matching(
    'what defineOptions gives',
    (value): value is object =>
      typeof value === 'object' && value !== null && 'parse' in value && typeof value.parse === 'function',
  ),
  outputShape: functionOf(),
  weights: optional(functionOf()),
  multiplyAdds: optional(functionOf()),
  window: optional(functionOf()),
  call: functionOf(),
})

const someOptions = matching('an object of options', isOptionsObject)

const definitionOption = matching('{ type, keras, options, outputShape, call }, and more', isOptionsObject)

/**
 * Defines a kind of layer. The result makes layers, and a layer is a function on symbolic tensors.
 *
 * What its functions give is looked at: shapes and weights where the layer is applied, what `call` gives where a program is made.
 *
 * @throws ConvzooError of kind `option` that names the layer, for a part of a definition that is unknown or does not fit.
 * @example
 * const scale = defineLayer({
 *   type: 'scale',
 *   keras: 'Scale',
 *   options: defineOptions({ by: numberIn(0, 100) }),
 *   outputShape: ([x]) => x,
 *   call: ({ ops }, [x], _weights, { by }) => ops.multiply(x, by),
 * })
 * const y = scale({ by: 2 })(x)
 */
export function defineLayer<
  In extends object,
  Out extends object,
  Weights extends Readonly<Record<string, WeightDeclaration | undefined>> = Readonly<Record<never, never>>,
>(definition: LayerDefinition<In, Out, Weights>): (...options: LayerArguments<In>) => LayerFunction {
  requireArguments('defineLayer', { definition: [definitionOption, definition] })
  definitionParts.parse(`the layer definition ${describeValue(definition.type)}`, definition)
  return (...given) => {
    // JavaScript may give what is no object; then the parser of the layer's own options says so.
    const written: unknown = given[0]
    const { name, trainable, ...own }: Readonly<Record<string, unknown>> = isOptionsObject(written)
      ? fieldsOf(written)
      : {}
    const subject = `layer ${definition.type}${name === undefined ? '' : ` ${describeValue(name)}`}`
    const mine: unknown = isOptionsObject(written) ? own : written
    const options = definition.options.parse(subject, mine as In, commonOptionNames)
    const common = commonOptions.parse(subject, { name, trainable } as CommonOptions)
    return applicable(layerWith(definition, options, common.trainable), common.name, definition.inputs ?? 'one')
  }
}

function layerWith<
  In extends object,
  Out extends object,
  Weights extends Readonly<Record<string, WeightDeclaration | undefined>>,
>(definition: LayerDefinition<In, Out, Weights>, options: Out, trainable: boolean): Layer {
  return {
    ...bind(definition, options),
    trainable,
    withOptions: (changed) => {
      requireArguments(`withOptions of ${definition.type}`, { changed: [someOptions, changed] })
      const all: unknown = { ...options, ...changed }
      return layerWith(definition, definition.options.parse(`layer ${definition.type}`, all as In), trainable)
    },
  }
}

function bind<In, Out extends object, Weights extends Readonly<Record<string, WeightDeclaration | undefined>>>(
  definition: LayerDefinition<In, Out, Weights>,
  options: Out,
): Omit<Layer, 'trainable' | 'withOptions'> {
  const { type } = definition
  const declare = (inputs: NonEmpty<Shape>, name: string): Partial<Weights> =>
    definition.weights === undefined ? {} : definition.weights(inputs, options, name)
  return {
    type,
    keras: definition.keras,
    options: Object.fromEntries(Object.entries(options)),
    outputShape: (inputs, name = type) => {
      requireShapes('outputShape', type, inputs)
      requireArguments(`outputShape of ${type}`, { name: [text, name] })
      return checkedShape({ name, type }, definition.outputShape(inputs, options, name))
    },
    weights: (inputs, name = type) => {
      requireShapes('weights', type, inputs)
      requireArguments(`weights of ${type}`, { name: [text, name] })
      return checkedWeights({ name, type }, declare(inputs, name))
    },
    multiplyAdds: (inputs, output) => {
      requireShapes('multiplyAdds', type, inputs)
      requireArguments(`multiplyAdds of ${type}`, { output: [shapeKind, output] })
      return checkedCount(
        { type },
        definition.multiplyAdds === undefined ? 0 : definition.multiplyAdds(inputs, options, output),
      )
    },
    window: (inputs) => {
      requireShapes('window', type, inputs)
      return definition.window === undefined ? undefined : checkedWindow({ type }, definition.window(inputs, options))
    },
    call: (context, inputs, weight) => {
      requireArguments(`call of ${type}`, {
        context: [contextKind, context],
        inputs: [someValues, inputs],
        weight: [functionOf(), weight],
      })
      const values = {} as { -readonly [K in keyof Weights]: Value }
      const [first, ...rest] = inputs
      const declared = declare([first.shape.slice(1), ...rest.map(({ shape }) => shape.slice(1))], type)
      for (const key in declared) if (declared[key] !== undefined) values[key] = weight(key)
      return definition.call(context, inputs, values, options)
    },
  }
}

const someShapes = matching(
  'a list of at least one shape',
  (given): given is NonEmpty<Shape> => Array.isArray(given) && given.length > 0 && given.every(isShape),
)

const someValues = matching(
  'a list of at least one value of the graph being traced',
  (given): given is NonEmpty<Value> =>
    Array.isArray(given) && given.length > 0 && given.every((value) => valueKind.parse(value, '') !== invalid),
)

const contextKind = matching(
  '{ ops, training, random, assign }',
  (given): given is CallContext =>
    isOptionsObject(given) &&
    'ops' in given &&
    opsKind.parse(given.ops, '') !== invalid &&
    'training' in given &&
    typeof given.training === 'boolean' &&
    ['random', 'assign'].every((method) => typeof Reflect.get(given, method) === 'function'),
)

function requireShapes(method: string, type: string, inputs: unknown): void {
  requireArguments(`${method} of ${type}`, { inputs: [someShapes, inputs] })
}
