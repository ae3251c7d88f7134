import { ConvzooError, describeValue, internalError } from '../errors/index.js'
import { createNameScope, type NameScope } from '../model/scope.js'
import { type Application, type SymbolicTensor, symbolicTensor } from '../model/symbolic.js'
import type { Shape } from '../shape.js'
import type { Layer } from './layer.js'

export const inputType = 'input'

export interface InputOptions {
  /** Without the batch axis: (height, width, channels). */
  readonly shape: Shape
  readonly name?: string
  /** Where names are counted; a fresh scope by default. */
  readonly scope?: NameScope
}

/**
 * Where a network begins. Everything built on it is named in its scope.
 *
 * @throws ConvzooError of kind `option` if the shape holds anything but positive whole numbers.
 * @example
 * const images = input({ shape: [227, 227, 3] })
 */
export function input({ shape, name, scope = createNameScope() }: InputOptions): SymbolicTensor {
  if (shape.length === 0 || !shape.every((length) => Number.isInteger(length) && length > 0)) {
    throw new ConvzooError({
      kind: 'option',
      message: 'An input needs a shape of positive whole numbers.',
      expected: 'such as [227, 227, 3]',
      received: describeValue(shape),
    })
  }
  const layer: Layer = {
    type: inputType,
    keras: 'InputLayer',
    options: { shape },
    trainable: true,
    outputShape: () => shape,
    weights: () => ({}),
    multiplyAdds: () => 0,
    window: () => undefined,
    call: () => {
      throw internalError('An input layer was called.')
    },
  }
  const applications: Application[] = []
  const owner = { name: name ?? scope.next(layer.keras), layer, weights: {}, applications }
  const application: Application = { owner, index: 0, inputs: [], outputShape: shape }
  applications.push(application)
  return symbolicTensor(application, scope)
}
