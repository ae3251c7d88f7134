import type { Shape } from '@convzoo/core'
import type { NodeOf } from '../../interpreter/kernels.js'
import { partsOf, type TiledProduct } from './tiled-product.js'

/** op(a) · op(b): a row for each of op(a), a column for each of op(b). */
export function matrixProduct(node: NodeOf<'matMul'>, a: { readonly shape: Shape }): TiledProduct {
  const { transposeA, transposeB } = node.attributes
  const [rows = 1, columns = 1] = node.shape
  const [first = 1, second = 1] = a.shape
  const inner = transposeA ? first : second
  return {
    name: 'matrix product',
    inputs: ['a', 'b'],
    shape: node.shape,
    rows,
    columns,
    inner,
    parts: partsOf(inner),
    a: `return a[${transposeA ? `k * ${rows} + row` : `row * ${inner} + k`}];`,
    aAlong: transposeA ? 'row' : 'k',
    b: `return b[${transposeB ? `column * ${inner} + k` : `k * ${columns} + column`}];`,
    bAlong: transposeB ? 'k' : 'column',
    place: `return row * ${columns} + column;`,
  }
}
