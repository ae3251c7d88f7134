import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { storedMatrix } from './matrix.js'
import type { TiledProduct } from './product.js'

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
  // i·s and j·s.
  const [top, left] = ['(o.y - d.y)', '(o.z - d.z)']
  const onGrid = [top, left].map((at, axis) => (strides[axis] === 1 ? '' : ` & (${at} % ${strides[axis]} == 0)`))
  return {
    name: 'input gradient',
    shape: node.shape,
    rows: batch * height * width,
    columns: channels,
    inner: kh * kw * filters,
    products: groups,
    a: {
      input: 'dy',
      along: 'k',
      fours: filters % 4 === 0,
      outer: `
  let z = outer % ${width}; let y = (outer / ${width}) % ${height}; let n = outer / ${width * height};
  return vec3<u32>(n * ${oh * ow * allFilters} + product * ${filters}, y + ${padding.top}, z + ${padding.left});`,
      depth: `
  let f = k % ${filters}; let q = (k / ${filters}) % ${kw}; let p = k / ${filters * kw};
  return vec3<u32>(f, p * ${dilations[0]}, q * ${dilations[1]});`,
      place: `o.x + d.x + (${top} / ${strides[0]} * ${ow} + ${left} / ${strides[1]}) * ${allFilters}`,
      inside: `(${top} < ${oh * strides[0]}) & (${left} < ${ow * strides[1]})${onGrid.join('')}`,
    },
    b: storedMatrix({
      input: 'weights',
      along: 'k',
      fours: filters % 4 === 0,
      outer: `outer * ${allFilters} + product * ${filters}`,
      depth: `k / ${filters} * ${channels * allFilters} + k % ${filters}`,
    }),
    place: `return row * ${allChannels} + product * ${channels} + column;`,
    placeFours: channels % 4 === 0,
  }
}
