import type { Shape } from '@convzoo/core'
import type { NodeOf } from '../../interpreter/kernels.js'
import { storedMatrix } from './matrix.js'
import type { TiledProduct } from './product.js'

/** op(a) · op(b): a row for each of op(a), a column for each of op(b). */
export function matrixProduct(node: NodeOf<'matMul'>, a: { readonly shape: Shape }): TiledProduct {
  const { transposeA, transposeB } = node.attributes
  const [rows = 1, columns = 1] = node.shape
  const [first = 1, second = 1] = a.shape
  const inner = transposeA ? first : second
  /** The outer index runs over `count`; along memory, if it is that of the last axis. */
  const matrix = (input: string, isLast: boolean, count: number) =>
    storedMatrix({
      input,
      along: isLast ? 'outer' : 'k',
      fours: (isLast ? count : inner) % 4 === 0,
      outer: isLast ? 'outer' : `outer * ${inner}`,
      depth: isLast ? `k * ${count}` : 'k',
    })
  return {
    name: 'matrix product',
    shape: node.shape,
    rows,
    columns,
    inner,
    a: matrix('a', transposeA, rows),
    b: matrix('b', !transposeB, columns),
    place: `return row * ${columns} + column;`,
    placeFours: columns % 4 === 0,
  }
}
