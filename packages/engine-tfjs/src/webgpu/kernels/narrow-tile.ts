import type { Shader } from '../shader.js'
import { type Finish, finished } from './finish.js'
import { gridOf } from './grid.js'
import { type Matrix, placeFunctions } from './matrix.js'
import type { TiledProduct, TileSize } from './product.js'

/** Whether one side is so short that most of a tile of {@link blockTiles} would lie beyond the matrix. */
export const isNarrow = ({ rows, columns }: TiledProduct): boolean => Math.min(rows, columns) <= 32

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
 * At most 64 × 64, and as narrow as the product is: that of a dense layer for a batch of a few samples, or of a convolution of a few filters.
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

export function narrowTile({ rows, columns, inner }: TiledProduct): TileSize {
  const { across, down, threadRows } = tileOf(rows, columns, inner)
  return { rows: down * threadRows, columns: across * threadColumns }
}

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
    const element = `${matrix}Element(product, at + ${index}, k)`
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

const elementFunction = (name: 'a' | 'b', matrix: Matrix): string => `${placeFunctions(name, matrix)}
fn ${name}Element(product : u32, outer : u32, k : u32) -> f32 {
  let o = ${name}Outer(product, outer); let d = ${name}Depth(product, k);
  if (!${name}Inside(o, d)) { return 0.0; }
  return ${matrix.input}[${name}Place(o, d)];
}`

/** A product in tiles as narrow as it is, whose strips are filled element by element. */
export function narrowTileShader(product: TiledProduct, parts: number, finish?: Finish): Shader {
  const { name, shape, rows, columns, inner, products = 1 } = product
  const { across, down, threadRows, strip } = tileOf(rows, columns, Math.ceil(inner / parts))
  const threads = across * down
  // A line for each row of a thread. They are not an array: those that are indexed may lie in slow memory.
  const each = (line: (row: number) => string): string =>
    Array.from({ length: threadRows }, (_, i) => line(i)).join(' ')
  const a: Strip = { matrix: 'a', lanes: threadRows, vectors: down, most: rows, alongK: product.a.along === 'k' }
  const b: Strip = {
    matrix: 'b',
    lanes: threadColumns,
    vectors: across,
    most: columns,
    alongK: product.b.along === 'k',
  }
  const strips = Math.ceil(inner / parts / strip)
  const grid = gridOf(product, narrowTile(product), parts)
  const size = products * rows * columns
  return {
    name,
    inputs: [product.a.input, product.b.input, ...(finish?.inputs ?? [])],
    shape: parts === 1 ? shape : [parts, ...shape],
    flat: false,
    workgroup: [across, down, 1],
    groups: grid.groups,
    text: `
${declared(a, strip)}
${declared(b, strip)}
${elementFunction('a', product.a)}
${elementFunction('b', product.b)}
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
  ${grid.text}
  let thread = localIndex;
  let myRow = localId.y * ${threadRows};
  let myColumn = localId.x * ${threadColumns};
  ${each((i) => `var sum${i} = vec4<f32>();`)}
  // All threads of a workgroup meet at its barriers: the bound is a constant.
  for (var turn = 0u; turn < ${strips}; turn++) {
    let start = (part * ${strips} + turn) * ${strip};
    ${filled(a, strip, threads, inner)}
    ${filled(b, strip, threads, inner)}
    workgroupBarrier();
    for (var k = 0u; k < ${strip}; k++) {
      let rowsOfA = aStrip[k * ${pitch(a)} + localId.y];
      let columnsOfB = bStrip[k * ${pitch(b)} + localId.x];
      ${each((i) => `sum${i} += rowsOfA${lane(threadRows, i)} * columnsOfB;`)}
    }
    workgroupBarrier();
  }
  ${each((i) => `store(i32(part), i32(product), i32(firstRow + myRow) + ${i}, i32(firstColumn + myColumn), sum${i});`)}
}
`,
  }
}
