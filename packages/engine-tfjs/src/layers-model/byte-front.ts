import type { Model, NamedTensor, Preprocessing } from '@convzoo/core'
import { byteArithmetic } from '@convzoo/core/define'
import type { KerasLayer } from './keras-layer.js'

/** A layer that makes a network's input of bytes, with its weights. */
export interface ByteFront extends KerasLayer {
  readonly name: string
  readonly tensors: readonly NamedTensor[]
}

/** @throws ConvzooError of kind `option` if the preprocessing does not fit the network's input, or was not fitted. */
export function byteFront({ inputs, layers }: Model, preprocessing: Preprocessing): ByteFront {
  const [height = 1, width = 1, channels = 1] = inputs[0]?.shape ?? []
  const { tensors, whitening } = byteArithmetic(preprocessing, [height, width, channels])
  const names = new Set(layers.map((layer) => layer.name))
  let name = 'preprocessing'
  while (names.has(name)) name += '_'
  const config = {
    offset_by_place: tensors.some((tensor) => tensor.name === 'offset' && tensor.shape.length > 1),
    contrast: whitening?.contrast ?? null,
    least_norm: whitening?.leastNorm ?? null,
    trainable: false,
  }
  return {
    name,
    className: 'ConvzooPreprocessing',
    config,
    tensors: tensors.map((tensor) => ({ ...tensor, name: `${name}/${tensor.name}` })),
  }
}
