import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { partsOf, type TiledProduct } from './tiled-product.js'

/** y[n, i, j, f] = Σ x[n, i·s + p·d − top, j·s + q·d − left, c] · K[p, q, c, f] over p, q, c: a row for each pixel, a column for each filter. */
export function convolutionProduct(
  node: NodeOf<'conv2d'>,
  x: { readonly shape: readonly number[] },
  kernel: { readonly shape: readonly number[] },
): TiledProduct {
  const { strides, padding, dilations, groups } = node.attributes
  const [batch, oh, ow, allFilters] = size4(node)
  const [, height, width, allChannels] = size4(x)
  const [kh, kw, channels] = size4(kernel)
  const filters = allFilters / groups
  const inner = kh * kw * channels
  return {
    name: 'convolution',
    inputs: ['x', 'weights'],
    shape: node.shape,
    rows: batch * oh * ow,
    columns: filters,
    inner,
    parts: partsOf(inner),
    products: groups,
    a: `
  let c = k % ${channels}; let q = (k / ${channels}) % ${kw}; let p = k / ${channels * kw};
  let j = row % ${ow}; let i = (row / ${ow}) % ${oh}; let n = row / ${ow * oh};
  let y = i * ${strides[0]} + p * ${dilations[0]} - ${padding.top};
  let z = j * ${strides[1]} + q * ${dilations[1]} - ${padding.left};
  if (y < 0 || y >= ${height} || z < 0 || z >= ${width}) { return 0.0; }
  return x[((n * ${height} + y) * ${width} + z) * ${allChannels} + product * ${channels} + c];`,
    aAlong: 'k',
    b: `return weights[k * ${allFilters} + product * ${filters} + column];`,
    bAlong: 'column',
    place: `return row * ${allFilters} + product * ${filters} + column;`,
  }
}
