import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { partsOf, type TiledProduct } from './tiled-product.js'

/**
 * dx[n, y, z, c] = Σ dy[n, i, j, f] · K[p, q, c, f] over p, q, f with y = i·s + p·d − top and z = j·s + q·d − left: one product with a row
 * for each pixel and a column for each channel.
 */
export function inputGradientProduct(
  node: NodeOf<'conv2dInputGradient'>,
  dy: { readonly shape: readonly number[] },
  kernel: { readonly shape: readonly number[] },
): TiledProduct {
  const { strides, padding, dilations, groups } = node.attributes
  const [batch, height, width, allChannels] = size4(node)
  const [, oh, ow, allFilters] = size4(dy)
  const [kh, kw, channels] = size4(kernel)
  const filters = allFilters / groups
  const inner = kh * kw * filters
  return {
    name: 'input gradient',
    inputs: ['dy', 'weights'],
    shape: node.shape,
    rows: batch * height * width,
    columns: channels,
    inner,
    parts: partsOf(inner),
    products: groups,
    a: `
  let f = k % ${filters}; let q = (k / ${filters}) % ${kw}; let p = k / ${filters * kw};
  let z = row % ${width}; let y = (row / ${width}) % ${height}; let n = row / ${width * height};
  let top = y + ${padding.top} - p * ${dilations[0]};
  let left = z + ${padding.left} - q * ${dilations[1]};
  if (top < 0 || top % ${strides[0]} != 0 || left < 0 || left % ${strides[1]} != 0) { return 0.0; }
  let i = top / ${strides[0]}; let j = left / ${strides[1]};
  if (i >= ${oh} || j >= ${ow}) { return 0.0; }
  return dy[((n * ${oh} + i) * ${ow} + j) * ${allFilters} + product * ${filters} + f];`,
    aAlong: 'k',
    b: `
  let f = k % ${filters}; let q = (k / ${filters}) % ${kw}; let p = k / ${filters * kw};
  return weights[((p * ${kw} + q) * ${channels} + column) * ${allFilters} + product * ${filters} + f];`,
    bAlong: 'k',
    place: `return row * ${allChannels} + product * ${channels} + column;`,
  }
}
