import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { bound, type Shader } from '../shader.js'

/**
 * A matrix product whose matrices need not exist: `a(row, k)` and `b(k, column)` say where an element would come from. A workgroup computes
 * a tile of it from strips that lie in its shared memory: see {@link tileOf}.
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

interface Tile {
  /** Threads of a workgroup along columns, each with {@link threadColumns} of them, and along rows. */
  readonly across: number
  readonly down: number
  readonly threadRows: number
  /** How many products of each sum are loaded at once. */
  readonly strip: number
}

const longestStrip = 16

/** What a thread adds to in one instruction. */
const threadColumns = 4

/**
 * A large product falls into tiles of 64 × 64, which 16 × 16 threads compute from strips of 16 in 8 KiB. Of a narrow one, as a dense layer's
 * for a batch of a few samples, such a tile would compute mostly what lies beyond the matrix.
 *
 * @param inner Products of a sum, or of its longest part.
 */
function tileOf(rows: number, columns: number, inner: number): Tile {
  const down = powerOf2(rows, 4, 16)
  return {
    across: powerOf2(columns / threadColumns, 4, 16),
    down,
    threadRows: powerOf2(rows / down, 1, 4),
    // Strips of one length: the last of a short sum is full too.
    strip: Math.ceil(inner / Math.ceil(inner / longestStrip)),
  }
}

/** The least power of 2 that is not less than `wanted`, within bounds that are powers of 2. */
function powerOf2(wanted: number, least: number, most: number): number {
  let size = least
  while (size < wanted && size < most) size *= 2
  return size
}

/** On one axis; the standard promises 65,535. */
const mostGroups = 32_768

/** A strip of one of the two matrices in shared memory, in vectors of what a thread needs at once: rows of the one, columns of the other. */
interface Strip {
  readonly matrix: 'a' | 'b'
  /** Elements of a vector. */
  readonly lanes: number
  /** Vectors of the tile. */
  readonly vectors: number
  /** How many of the matrix there are, of rows or columns. */
  readonly most: number
  /** Whether the other index, `k`, runs along memory: neighbouring threads load neighbouring elements. */
  readonly alongK: boolean
}

const vector = (lanes: number): string => (lanes === 1 ? 'f32' : `vec${lanes}<f32>`)
const lane = (lanes: number, index: number): string => (lanes === 1 ? '' : `.${'xyzw'[index]}`)

/** From one `k` to the next. Where neighbouring threads store a `k` each, one vector more puts them into different banks of memory. */
const pitch = ({ vectors, alongK }: Strip): number => (alongK ? vectors + 1 : vectors)

const declared = (strip: Strip, depth: number): string =>
  `var<workgroup> ${strip.matrix}Strip : array<${vector(strip.lanes)}, ${pitch(strip) * depth}>;`

/** The threads of a workgroup fill the strip, each a vector at a time: one of its elements alone may not be stored while others store beside it. */
function filled(strip: Strip, depth: number, threads: number, inner: number): string {
  const { matrix, lanes, vectors, most, alongK } = strip
  const elements = Array.from({ length: lanes }, (_, index) => {
    const element = matrix === 'a' ? `aElement(product, at + ${index}, k)` : `bElement(product, k, at + ${index})`
    return `if (at + ${index} < ${most}) { value${lane(lanes, index)} = ${element}; }`
  })
  return `for (var load = thread; load < ${vectors * depth}; load += ${threads}) {
      ${alongK ? `let deep = load % ${depth}; let outer = load / ${depth};` : `let outer = load % ${vectors}; let deep = load / ${vectors};`}
      let at = ${matrix === 'a' ? 'firstRow' : 'firstColumn'} + outer * ${lanes}; let k = start + deep;
      var value = ${vector(lanes)}();
      if (k < ${inner}) { ${elements.join(' ')} }
      ${matrix}Strip[deep * ${pitch(strip)} + outer] = value;
    }`
}

/** Parts of a sum are a first axis of their own, and are finished when they have been added. */
export function tiledProduct(product: TiledProduct, finish?: Finish): Shader {
  const { name, inputs, shape, rows, columns, inner, products = 1, parts } = product
  if (parts > 1 && finish !== undefined) throw internalError('Parts of a sum are finished where they are added.')
  const { across, down, threadRows, strip } = tileOf(rows, columns, Math.ceil(inner / parts))
  const tileRows = down * threadRows
  const tileColumns = across * threadColumns
  const threads = across * down
  // A line for each row of a thread. They are not an array: those that are indexed may lie in slow memory.
  const each = (line: (row: number) => string): string =>
    Array.from({ length: threadRows }, (_, i) => line(i)).join(' ')
  const a: Strip = { matrix: 'a', lanes: threadRows, vectors: down, most: rows, alongK: product.aAlong === 'k' }
  const b: Strip = { matrix: 'b', lanes: threadColumns, vectors: across, most: columns, alongK: product.bAlong === 'k' }
  const strips = Math.ceil(inner / parts / strip)
  // There may be more rows of tiles than workgroups on an axis.
  const rowsOfTiles = Math.ceil(rows / tileRows)
  const slabs = Math.ceil(rowsOfTiles / mostGroups)
  const slab = Math.ceil(rowsOfTiles / slabs)
  const size = products * rows * columns
  return {
    name,
    inputs: [...inputs, ...(finish?.inputs ?? [])],
    shape: parts === 1 ? shape : [parts, ...shape],
    flat: false,
    workgroup: [across, down, 1],
    groups: [Math.ceil(columns / tileColumns), slab, products * parts * slabs],
    text: `
${declared(a, strip)}
${declared(b, strip)}
fn aElement(product : i32, row : i32, k : i32) -> f32 { ${product.a} }
fn bElement(product : i32, k : i32, column : i32) -> f32 { ${product.b} }
fn place(product : i32, row : i32, column : i32) -> i32 { ${product.place} }
${finished(finish)}
fn store(part : i32, product : i32, row : i32, first : i32, sums : vec4<f32>) {
  if (row >= ${rows}) { return; }
  for (var j = 0; j < ${threadColumns} && first + j < ${columns}; j++) {
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
  let firstRow = ((z % ${slabs}) * ${slab} + i32(workgroupId.y)) * ${tileRows};
  let firstColumn = i32(workgroupId.x) * ${tileColumns};
  let myRow = i32(localId.y) * ${threadRows};
  let myColumn = i32(localId.x) * ${threadColumns};
  ${each((i) => `var sum${i} = vec4<f32>();`)}
  // All threads of a workgroup meet at its barriers: the bound is a constant.
  for (var turn = 0; turn < ${strips}; turn++) {
    let start = (part * ${strips} + turn) * ${strip};
    ${filled(a, strip, threads, inner)}
    ${filled(b, strip, threads, inner)}
    workgroupBarrier();
    for (var k = 0; k < ${strip}; k++) {
      let rowsOfA = aStrip[k * ${pitch(a)} + i32(localId.y)];
      let columnsOfB = bStrip[k * ${pitch(b)} + i32(localId.x)];
      ${each((i) => `sum${i} += rowsOfA${lane(threadRows, i)} * columnsOfB;`)}
    }
    workgroupBarrier();
  }
  ${each((i) => `store(part, product, firstRow + myRow + ${i}, firstColumn + myColumn, sum${i});`)}
}
`,
  }
}
