import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { storedMatrix } from './matrix.js'
import { patches } from './patches.js'
import type { TiledProduct } from './product.js'

/** y[n, i, j, f] = Σ x[n, i·s + p·d − top, j·s + q·d − left, c] · K[p, q, c, f] over p, q, c: a row for each pixel, a column for each filter. */
export function convolutionProduct(
  node: NodeOf<'conv2d'>,
  x: { readonly shape: readonly number[] },
  kernel: { readonly shape: readonly number[] },
): TiledProduct {
  const { attributes } = node
  const [batch, oh, ow, allFilters] = size4(node)
  const [, height, width, allChannels] = size4(x)
  const [kh, kw, channels] = size4(kernel)
  const filters = allFilters / attributes.groups
  return {
    name: 'convolution',
    shape: node.shape,
    rows: batch * oh * ow,
    columns: filters,
    inner: kh * kw * channels,
    products: attributes.groups,
    a: patches('pixel', { attributes, height, width, allChannels, channels, oh, ow, kw }),
    b: storedMatrix({
      input: 'weights',
      along: 'outer',
      fours: filters % 4 === 0,
      outer: `product * ${filters} + outer`,
      depth: `k * ${allFilters}`,
    }),
    place: `return row * ${allFilters} + product * ${filters} + column;`,
    placeFours: filters % 4 === 0,
  }
}
