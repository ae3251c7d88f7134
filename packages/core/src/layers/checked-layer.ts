import { constraint } from '../constraints/option.js'
import { ConvzooError, describeValue } from '../errors/index.js'
import { initializer } from '../initializers/option.js'
import { boolean, defineOptions, isOptionsObject, matching, optional } from '../options/index.js'
import { type Border, isShape, type Pair, type Shape, type Window } from '../shape.js'
import type { WeightDeclaration } from './contract.js'

/** What an author's functions of a layer gave, if it is what it should be: a plugin may give anything. */

/** The layer, for errors. */
interface Whose {
  readonly name?: string
  readonly type: string
}

const layerOf = ({ name, type }: Whose): string => (name === undefined ? `layer ${type}` : `layer ${name} (${type})`)

/** @throws ConvzooError of kind `shape` that names the layer. */
export function checkedShape(whose: Whose, shape: unknown): Shape {
  if (isShape(shape)) return shape
  throw new ConvzooError({
    kind: 'shape',
    message: `The outputShape of ${layerOf(whose)} gives no shape.`,
    expected: 'positive whole numbers, without the batch axis',
    received: describeValue(shape),
  })
}

const declarationParts = defineOptions({
  shape: matching('a shape', isShape),
  initializer,
  trainable: boolean,
  constraint: optional(constraint),
})

/** @throws ConvzooError of kind `option` or `shape` that names the layer and the weight. */
export function checkedWeights(whose: Whose, given: unknown): Readonly<Record<string, WeightDeclaration>> {
  if (!isOptionsObject(given)) {
    throw new ConvzooError({
      kind: 'option',
      message: `The weights of ${layerOf(whose)} are none.`,
      expected: 'declarations by name: { kernel: { shape, initializer, trainable } }; {} for none',
      received: describeValue(given),
    })
  }
  const declared: Record<string, WeightDeclaration> = {}
  for (const [weight, declaration] of Object.entries<unknown>({ ...given })) {
    if (declaration !== undefined) declared[weight] = checkedDeclaration(whose, weight, declaration)
  }
  return declared
}

function checkedDeclaration(whose: Whose, weight: string, given: unknown): WeightDeclaration {
  const shape: unknown = isOptionsObject(given) ? Reflect.get(given, 'shape') : undefined
  if (isOptionsObject(given) && isShape(shape)) {
    return declarationParts.parse(`the weight "${weight}" of ${layerOf(whose)}`, given as WeightDeclaration)
  }
  throw new ConvzooError({
    kind: 'shape',
    message: `The weight "${weight}" of ${layerOf(whose)} has no shape.`,
    expected: 'positive whole numbers; none for a scalar',
    received: describeValue(shape ?? given),
  })
}

/** @throws ConvzooError of kind `option` that names the layer. */
export function checkedCount(whose: Whose, given: unknown): number {
  if (typeof given === 'number' && Number.isFinite(given) && given >= 0) return given
  throw new ConvzooError({
    kind: 'option',
    message: `The multiplyAdds of ${layerOf(whose)} gives no count.`,
    expected: 'a finite number of at least 0',
    received: describeValue(given),
  })
}

const isCount = (least: number) => (value: unknown) => Number.isSafeInteger(value) && Number(value) >= least

const isPair = (value: unknown): value is Pair => Array.isArray(value) && value.length === 2 && value.every(isCount(1))

const sides = ['top', 'bottom', 'left', 'right'] as const satisfies readonly (keyof Border)[]

const isBorder = (value: unknown): value is Border =>
  isOptionsObject(value) && sides.every((side) => isCount(0)(Reflect.get(value, side)))

function isWindow(value: unknown): value is Window {
  if (!isOptionsObject(value)) return false
  const { size, strides, dilations, padding }: Partial<Record<keyof Window, unknown>> = value
  return isPair(size) && isPair(strides) && (dilations === undefined || isPair(dilations)) && isBorder(padding)
}

/** @throws ConvzooError of kind `option` that names the layer. */
export function checkedWindow(whose: Whose, given: unknown): Window {
  if (isWindow(given)) return given
  throw new ConvzooError({
    kind: 'option',
    message: `The window of ${layerOf(whose)} is none.`,
    expected: '{ size: [rows, columns], strides: [rows, columns], padding: { top, bottom, left, right } }',
    received: describeValue(given),
  })
}
