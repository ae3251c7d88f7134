import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { elementShader, type Shader } from '../shader.js'
import { tiledProduct } from './tiled-product.js'

/** A part sums at most this many products. More of them keep a GPU busy, and lose fewer digits. */
const longestPart = 8192

/**
 * dK[p, q, c, f] = Σ x[n, i·s + p·d − top, j·s + q·d − left, c] · dy[n, i, j, f] over n, i, j: one product with kh·kw·C rows and F columns,
 * whose long sum is cut into parts. TensorFlow.js' kernel has one thread sum all of it.
 */
export function kernelGradientShader(node: NodeOf<'conv2dKernelGradient'>, x: Size, dy: Size): Shader {
  const { strides, padding, dilations, groups } = node.attributes
  const [kh, kw, channels, allFilters] = size4(node)
  const [batch, height, width, allChannels] = size4(x)
  const [, oh, ow] = size4(dy)
  const filters = allFilters / groups
  const inner = batch * oh * ow
  const parts = Math.ceil(inner / longestPart)
  return tiledProduct({
    name: 'kernel gradient',
    inputs: ['x', 'dy'],
    shape: [parts, ...node.shape],
    rows: kh * kw * channels,
    columns: filters,
    inner,
    products: groups,
    parts,
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
  })
}

type Size = { readonly shape: readonly number[] }

/** Adds the parts of a sum: the first axis. */
export function sumOfParts({ shape }: Size, parts: number): Shader {
  const size = shape.reduce((product, length) => product * length, 1)
  return elementShader({
    name: 'sum of parts',
    inputs: ['parts'],
    shape,
    body: `
  var sum = 0.0;
  for (var part = 0; part < ${parts}; part++) { sum += parts[part * ${size} + index]; }
  result[index] = sum;`,
  })
}
