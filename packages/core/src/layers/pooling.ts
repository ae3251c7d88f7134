import type { Ops, PoolAttributes, ReductionOptions, Value } from '../graph/index.js'
import { poolSize } from '../graph/inference.js'
import { boolean, defineOptions, described, oneOf, optional, pair } from '../options/index.js'
import { borderOf, type Padding, type Pair } from '../shape.js'
import { defineLayer } from './layer.js'
import { imageOf, requireFit, sidesOf } from './spatial.js'

interface Geometry {
  readonly poolSize: Pair
  readonly strides: Pair | undefined
  readonly padding: Padding
}

function attributesOf(image: Pair, { poolSize: size, strides = size, padding }: Geometry): PoolAttributes {
  return { size, strides, padding: borderOf(padding, image, size, strides) }
}

interface Pooling {
  readonly type: string
  readonly keras: string
  readonly pool: (ops: Ops, x: Value, attributes: PoolAttributes) => Value
}

/** What all layers that pool windows have in common: options, shapes and errors. */
export const definePooling = ({ type, keras, pool }: Pooling) =>
  defineLayer({
    type,
    keras,
    options: defineOptions({
      poolSize: optional(pair(1), [2, 2]),
      strides: optional(pair(1)),
      padding: optional(oneOf('valid', 'same'), 'valid'),
    }),
    outputShape: ([x], o, name) => {
      const { image, channels } = imageOf(name, x)
      const output = poolSize(image, attributesOf(image, o))
      requireFit(name, 'window', image, o.poolSize, output)
      return [...output, channels]
    },
    window: ([x], o) => attributesOf(sidesOf(x), o),
    call: ({ ops }, [x], _weights, o) => pool(ops, x, attributesOf(sidesOf(x.shape), o)),
  })

interface GlobalPooling {
  readonly type: string
  readonly keras: string
  readonly reduce: (ops: Ops, x: Value, options: ReductionOptions) => Value
}

/** A layer that makes one number of each channel of an image: (H, W, C) → (C), or (1, 1, C). */
export const defineGlobalPooling = ({ type, keras, reduce }: GlobalPooling) =>
  defineLayer({
    type,
    keras,
    options: defineOptions({
      keepDimensions: optional(described('whether height and width stay as 1', boolean), false),
    }),
    outputShape: ([x], { keepDimensions }, name) => {
      const { channels } = imageOf(name, x)
      return keepDimensions ? [1, 1, channels] : [channels]
    },
    call: ({ ops }, [x], _weights, { keepDimensions }) => reduce(ops, x, { axes: [1, 2], keepDimensions }),
  })
