import { flattenSamples } from '../graph/ops.js'
import { defineOptions } from '../options/index.js'
import { sizeOf } from '../shape.js'
import { defineLayer } from './layer.js'

/**
 * One row a sample, row-major: (H, W, C) → (H·W·C).
 *
 * @example
 * x = flatten()(x)
 */
export const flatten = defineLayer({
  type: 'flatten',
  keras: 'Flatten',
  options: defineOptions({}),
  outputShape: ([x]) => [sizeOf(x)],
  call: ({ ops }, [x]) => flattenSamples(ops, x),
})
