import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { storedMatrix } from './matrix.js'
import { patches } from './patches.js'
import type { TiledProduct } from './product.js'

interface Size {
  readonly shape: readonly number[]
}

/**
 * dK[p, q, c, f] = Σ x[n, i·s + p·d − top, j·s + q·d − left, c] · dy[n, i, j, f] over n, i, j: one product with kh·kw·C rows and F columns,
 * whose long sum is cut into parts. TensorFlow.js' kernel has one thread sum all of it.
 */
export function kernelGradientProduct(node: NodeOf<'conv2dKernelGradient'>, x: Size, dy: Size): TiledProduct {
  const { attributes } = node
  const [kh, kw, channels, allFilters] = size4(node)
  const [batch, height, width, allChannels] = size4(x)
  const [, oh, ow] = size4(dy)
  const filters = allFilters / attributes.groups
  return {
    name: 'kernel gradient',
    shape: node.shape,
    rows: kh * kw * channels,
    columns: filters,
    inner: batch * oh * ow,
    products: attributes.groups,
    a: patches('weight', { attributes, height, width, allChannels, channels, oh, ow, kw }),
    b: storedMatrix({
      input: 'dy',
      along: 'outer',
      fours: filters % 4 === 0,
      outer: `product * ${filters} + outer`,
      depth: `k * ${allFilters}`,
    }),
    place: `return row * ${allFilters} + product * ${filters} + column;`,
    placeFours: filters % 4 === 0,
  }
}
