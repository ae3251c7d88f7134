import { internalError } from '../errors/index.js'
import { createNameScope, type NameScope, scopeOption } from '../model/scope.js'
import { type Application, type SymbolicTensor, symbolicTensor } from '../model/symbolic.js'
import { defineOptions, matching, optional, text } from '../options/index.js'
import { isShape, type Shape } from '../shape.js'
import type { Layer } from './contract.js'

export const inputType = 'input'

export interface InputOptions {
  /** Without the batch axis: (height, width, channels). */
  readonly shape: Shape
  readonly name?: string | undefined
  /** Where names are counted; a fresh scope by default. */
  readonly scope?: NameScope | undefined
}

const options = defineOptions({
  shape: matching(
    'positive whole numbers, such as [227, 227, 3]',
    (value): value is Shape => isShape(value) && value.length > 0,
  ),
  name: optional(text),
  scope: optional(scopeOption),
})

/**
 * Where a network begins. Everything built on it is named in its scope.
 *
 * @throws ConvzooError of kind `option` for a bad option: a shape is at least one positive whole number.
 * @example
 * const images = input({ shape: [227, 227, 3] })
 */
export function input(given: InputOptions): SymbolicTensor {
  const { shape, name, scope = createNameScope() } = options.parse('input', given)
  const layer = inputLayer(shape)
  const applications: Application[] = []
  const owner = { name: name ?? scope.next(layer.keras), layer, weights: {}, applications }
  const application: Application = { owner, index: 0, inputs: [], outputShape: shape }
  applications.push(application)
  return symbolicTensor(application, scope)
}

function inputLayer(shape: Shape): Layer {
  return {
    type: inputType,
    keras: 'InputLayer',
    options: { shape },
    trainable: true,
    outputShape: () => shape,
    weights: () => ({}),
    multiplyAdds: () => 0,
    window: () => undefined,
    withOptions: (changed) => {
      const changedOptions: unknown = { shape, ...changed }
      return inputLayer(options.parse('input', changedOptions as InputOptions).shape)
    },
    call: () => {
      throw internalError('An input layer was called.')
    },
  }
}
