import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { partsOf, type TiledProduct } from './tiled-product.js'

interface Size {
  readonly shape: readonly number[]
}

/**
 * dK[p, q, c, f] = Σ x[n, i·s + p·d − top, j·s + q·d − left, c] · dy[n, i, j, f] over n, i, j: one product with kh·kw·C rows and F columns,
 * whose long sum is cut into parts. TensorFlow.js' kernel has one thread sum all of it.
 */
export function kernelGradientProduct(node: NodeOf<'conv2dKernelGradient'>, x: Size, dy: Size): TiledProduct {
  const { strides, padding, dilations, groups } = node.attributes
  const [kh, kw, channels, allFilters] = size4(node)
  const [batch, height, width, allChannels] = size4(x)
  const [, oh, ow] = size4(dy)
  const filters = allFilters / groups
  const inner = batch * oh * ow
  return {
    name: 'kernel gradient',
    inputs: ['x', 'dy'],
    shape: node.shape,
    rows: kh * kw * channels,
    columns: filters,
    inner,
    products: groups,
    parts: partsOf(inner),
    a: `
  let c = row % ${channels}; let q = (row / ${channels}) % ${kw}; let p = row / ${channels * kw};
  let j = k % ${ow}; let i = (k / ${ow}) % ${oh}; let n = k / ${ow * oh};
  let y = i * ${strides[0]} + p * ${dilations[0]} - ${padding.top};
  let z = j * ${strides[1]} + q * ${dilations[1]} - ${padding.left};
  if (y < 0 || y >= ${height} || z < 0 || z >= ${width}) { return 0.0; }
  return x[((n * ${height} + y) * ${width} + z) * ${allChannels} + product * ${channels} + c];`,
    aAlong: 'row',
    b: `return dy[k * ${allFilters} + product * ${filters} + column];`,
    bAlong: 'column',
    place: `return row * ${allFilters} + product * ${filters} + column;`,
  }
}
