import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { bound, type Shader } from '../shader.js'

/**
 * A matrix product whose matrices need not exist: `a(row, k)` and `b(k, column)` say where an element would come from. A workgroup of
 * 16 × 16 threads computes a tile of 64 × 64, each thread 4 × 4 of it, from strips of 16 that lie in its shared memory (8 KiB).
 */
export interface TiledProduct {
  readonly name: string
  readonly inputs: readonly string[]
  /** Of the result; where the sum falls into parts, of each of them. */
  readonly shape: Shape
  readonly rows: number
  readonly columns: number
  readonly inner: number
  /** How many products of this form there are: groups of a convolution. */
  readonly products?: number
  /** Into how many consecutive parts of the inner dimension a product falls. Each part is computed by itself, for a later sum. */
  readonly parts: number
  /** Body of `fn a(product : i32, row : i32, k : i32) -> f32`; the matrix is in bounds. */
  readonly a: string
  /** Which of its two indices runs along memory. */
  readonly aAlong: 'row' | 'k'
  /** Body of `fn b(product : i32, k : i32, column : i32) -> f32`. */
  readonly b: string
  readonly bAlong: 'k' | 'column'
  /** Body of `fn place(product : i32, row : i32, column : i32) -> i32`: where the result has this element. */
  readonly place: string
}

/** What becomes of each sum before it is stored: a bias, an activation, whatever is of single elements. */
export interface Finish {
  /** Inputs beside those of the product. */
  readonly inputs: readonly string[]
  /** Functions that the body calls. */
  readonly before: string
  /** Body of `fn finished(value : f32, index : i32) -> f32`; `index` is the place in the result. */
  readonly body: string
}

export const finished = (finish: Finish | undefined): string =>
  `${finish?.before ?? ''}
fn finished(value : f32, index : i32) -> f32 { ${finish?.body ?? 'return value;'} }`

/** A part sums at most this many products. More of them keep a GPU busy, and lose fewer digits. */
const longestPart = 8192

export const partsOf = (inner: number): number => Math.ceil(inner / longestPart)

const tile = 64
const strip = 16
/** On one axis; the standard promises 65,535. */
const mostGroups = 32_768

/** A line for each row of a thread. They are not an array: those that are indexed may lie in slow memory. */
const each = (line: (row: number) => string): string => [0, 1, 2, 3].map(line).join(' ')

/** Neighbouring threads load neighbouring elements: which index of a strip runs first. */
const loadOrder = (first: 'outer' | 'inner'): string =>
  first === 'outer'
    ? `let outer = load % ${tile}; let inner = load / ${tile};`
    : `let inner = load % ${strip}; let outer = load / ${strip};`

/** Parts of a sum are a first axis of their own, and are finished when they have been added. */
export function tiledProduct(product: TiledProduct, finish?: Finish): Shader {
  const { name, inputs, shape, rows, columns, inner, products = 1, parts } = product
  if (parts > 1 && finish !== undefined) throw internalError('Parts of a sum are finished where they are added.')
  const strips = Math.ceil(inner / parts / strip)
  // There may be more rows of tiles than workgroups on an axis.
  const tileRows = Math.ceil(rows / tile)
  const slabs = Math.ceil(tileRows / mostGroups)
  const slab = Math.ceil(tileRows / slabs)
  const size = products * rows * columns
  return {
    name,
    inputs: [...inputs, ...(finish?.inputs ?? [])],
    shape: parts === 1 ? shape : [parts, ...shape],
    flat: false,
    workgroup: [16, 16, 1],
    groups: [Math.ceil(columns / tile), slab, products * parts * slabs],
    text: `
var<workgroup> aStrip : array<f32, ${tile * strip}>;
var<workgroup> bStrip : array<f32, ${tile * strip}>;
fn aElement(product : i32, row : i32, k : i32) -> f32 { ${product.a} }
fn bElement(product : i32, k : i32, column : i32) -> f32 { ${product.b} }
fn place(product : i32, row : i32, column : i32) -> i32 { ${product.place} }
${finished(finish)}
fn store(part : i32, product : i32, row : i32, first : i32, sums : vec4<f32>) {
  if (row >= ${rows}) { return; }
  for (var j = 0; j < 4 && first + j < ${columns}; j++) {
    let index = place(product, row, first + j);
    result[part * ${size} + index] = finished(sums[j], index);
  }
}
fn main() {
  ${bound}
  let thread = i32(localIndex);
  let z = i32(workgroupId.z);
  let product = z / ${parts * slabs};
  let part = (z / ${slabs}) % ${parts};
  let firstRow = ((z % ${slabs}) * ${slab} + i32(workgroupId.y)) * ${tile};
  let firstColumn = i32(workgroupId.x) * ${tile};
  let myRow = i32(localId.y) * 4;
  let myColumn = i32(localId.x) * 4;
  ${each((i) => `var sum${i} = vec4<f32>();`)}
  // All threads of a workgroup meet at its barriers: the bound is a constant.
  for (var turn = 0; turn < ${strips}; turn++) {
    let start = (part * ${strips} + turn) * ${strip};
    for (var load = thread; load < ${tile * strip}; load += 256) {
      {
        ${loadOrder(product.aAlong === 'row' ? 'outer' : 'inner')}
        let row = firstRow + outer; let k = start + inner;
        var value = 0.0;
        if (row < ${rows} && k < ${inner}) { value = aElement(product, row, k); }
        aStrip[inner * ${tile} + outer] = value;
      }
      {
        ${loadOrder(product.bAlong === 'column' ? 'outer' : 'inner')}
        let column = firstColumn + outer; let k = start + inner;
        var value = 0.0;
        if (column < ${columns} && k < ${inner}) { value = bElement(product, k, column); }
        bStrip[inner * ${tile} + outer] = value;
      }
    }
    workgroupBarrier();
    for (var k = 0; k < ${strip}; k++) {
      let bAt = k * ${tile} + myColumn;
      let b = vec4<f32>(bStrip[bAt], bStrip[bAt + 1], bStrip[bAt + 2], bStrip[bAt + 3]);
      let aAt = k * ${tile} + myRow;
      ${each((i) => `sum${i} += aStrip[aAt + ${i}] * b;`)}
    }
    workgroupBarrier();
  }
  ${each((i) => `store(part, product, firstRow + myRow + ${i}, firstColumn + myColumn, sum${i});`)}
}
`,
  }
}
