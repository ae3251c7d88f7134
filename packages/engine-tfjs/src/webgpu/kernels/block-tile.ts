import type { Shader } from '../shader.js'
import { type Finish, finished } from './finish.js'
import { gridOf } from './grid.js'
import { type Matrix, placeFunctions } from './matrix.js'
import type { TiledProduct, TileSize } from './product.js'

/**
 * Tiles that 256 threads compute: 16 × 16 of them, each with 4 or 8 rows and 4, 6 or 8 columns. Eight are two groups of four that lie 64 apart, so
 * that neighbouring threads read neighbouring vectors of shared memory.
 */
export const blockTiles: readonly TileSize[] = [128, 64].flatMap((rows) =>
  [128, 96, 64].map((columns) => ({ rows, columns })),
)

const threads = 256
const across = 16

/** Products of each sum that are loaded at once, at most: two strips of 128 fill the 16 KiB that WebGPU promises. */
export const deepest = 16

/** Those of a short sum, as a dense kernel's gradient has for a small batch, fill a strip of 4 or 8. */
const depthOf = (inner: number): number => (inner <= 4 ? 4 : inner <= 8 ? 8 : deepest)

/** What a multiply-add of a tile costs, by how many of them a thread has for what it reads from shared memory. */
const costs: readonly (readonly [sums: number, cost: number])[] = [
  [64, 1],
  [48, 1.1],
  [32, 1.25],
  [24, 1.4],
  [16, 1.6],
]

/** What a tile takes, beside others. */
export function costOf({ rows, columns }: TileSize): number {
  const size = rows * columns
  const [, cost] = costs.find(([sums]) => size >= sums * threads) ?? [0, 2]
  return size * cost
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const lanes = ['x', 'y', 'z', 'w']

/** Columns of a thread: a group of four, and of wide tiles another of two or four. */
const columnGroups = ({ columns }: TileSize): readonly number[] =>
  columns === 64 ? [4] : columns === 96 ? [4, 2] : [4, 4]

/** One of the two matrices, and its part in a tile. */
interface Side {
  readonly name: 'a' | 'b'
  readonly matrix: Matrix
  /** Rows or columns: of the product, and of a tile. */
  readonly most: number
  readonly size: number
  readonly depth: number
  readonly first: string
}

/** A thread loads a block of 4 × 4. */
const blocksOf = ({ size, depth }: Side): number => (size * depth) / 16

/** Whether a thread has vectors of `k`, which it turns before they are stored. */
const isTurned = ({ matrix }: Side): boolean => matrix.fours && matrix.along === 'k'

/** Whether elements of a tile may lie beyond the matrix or the image. */
const isMasked = ({ matrix }: Side, isFull: boolean): boolean => !isFull || matrix.inside !== undefined

/** What a thread loaded: four vectors, and bits for which of them, or of their numbers, count. They are not an array, which may lie in slow memory. */
const block = 'var p0 = vec4<f32>(); var p1 = vec4<f32>(); var p2 = vec4<f32>(); var p3 = vec4<f32>(); var mask = 0u;'

/** Loads a thread's block of a strip. Nothing is computed of what is loaded, so that no thread waits for it before it is stored. */
function loaded(side: Side, inner: number, isFull: boolean): string {
  const { name, matrix } = side
  const isWithin = (o: string, d: string, k: string): string =>
    [
      ...(isFull ? [] : [`(${k} < ${inner})`]),
      ...(matrix.inside === undefined ? [] : [`${name}Inside(${o}, ${d})`]),
    ].join(' & ')
  /** The lines before an element can be read, and the element. */
  const element = (o: string, d: string, k: string, bit: number): readonly [lines: string, value: string] => {
    const place = `${name}Place(${o}, ${d})`
    const read = (at: string): string => `${matrix.input}[${matrix.fours ? `${at} >> 2` : at}]`
    if (!isMasked(side, isFull)) return ['', read(place)]
    const lines = `let is${bit} = ${isWithin(o, d, k)}; mask |= select(0u, ${1 << bit}u, is${bit});`
    return [lines, read(`select(0u, ${place}, is${bit})`)]
  }
  const depths = upTo(isTurned(side) ? 1 : 4).map((i) => `let d${i} = ${name}Depth(product, k + ${i});`)
  const vectors = upTo(4).map((i) => {
    if (isTurned(side)) return [element(`o${i}`, 'd0', 'k', i)]
    if (matrix.fours) return [element('o0', `d${i}`, `k + ${i}`, i)]
    return upTo(4).map((j) => element(`o${j}`, `d${i}`, `k + ${i}`, 4 * i + j))
  })
  const lines = vectors.map((elements, i) => {
    const values = elements.map(([, value]) => value).join(', ')
    return `${elements.map(([before]) => before).join(' ')} p${i} = ${matrix.fours ? values : `vec4<f32>(${values})`};`
  })
  return ['mask = 0u;', ...depths, ...lines].join(' ')
}

/** Stores a thread's block in the strip, in vectors of rows of `a` or columns of `b`. */
function kept(side: Side, isFull: boolean): string {
  const { name, matrix } = side
  const value = (i: number): string => {
    if (!isMasked(side, isFull)) return `p${i}`
    const counts = matrix.fours
      ? `(mask & ${1 << i}) != 0`
      : `(vec4<u32>(mask) & vec4<u32>(${upTo(4).map((j) => 1 << (4 * i + j))})) != vec4<u32>()`
    return `select(vec4<f32>(), p${i}, ${counts})`
  }
  const values = upTo(4).map((i) => `let q${i} = ${value(i)};`)
  const lines = upTo(4).map((i) => {
    const turned = `vec4<f32>(${upTo(4).map((j) => `q${j}.${lanes[i]}`)})`
    return `${name}Strip[deep + ${i}][vector] = ${isTurned(side) ? turned : `q${i}`};`
  })
  return [...values, ...lines].join(' ')
}

/** Which block a thread loads, and what it knows of its rows or columns from then on. Beyond the matrix it reads its last ones again. */
function chosen({ name, matrix, most, size, depth, first }: Side, before: number): string {
  const vectors = size / 4
  const load = `(thread - ${before})`
  // Neighbours load what lies together; along k two of them a sector of 32 bytes.
  const block =
    matrix.along === 'k' && depth > 4
      ? `let load = ${load}; vector = (load >> 1) % ${vectors}; deep = 4 * ((load & 1) + 2 * ((load >> 1) / ${vectors}));`
      : `let load = ${load}; vector = load % ${vectors}; deep = 4 * (load / ${vectors});`
  const isOne = matrix.fours && matrix.along === 'outer'
  const last = most - (isOne ? 4 : 1)
  const outer = (i: number): string => {
    const at = `${first} + 4 * vector + ${i}`
    return `o${i} = ${name}Outer(product, ${most % size === 0 ? at : `min(${at}, ${last})`});`
  }
  return `${block} ${(isOne ? [0] : upTo(4)).map(outer).join(' ')}`
}

/** Has the threads of each side do something. */
function bySide(sides: readonly Side[], then: (side: Side, before: number) => string): string {
  let before = 0
  const branches = sides.map((side) => {
    const done = then(side, before)
    before += blocksOf(side)
    return before === threads ? `{ ${done} }` : `if (thread < ${before}) { ${done} }`
  })
  return branches.join(' else ')
}

/** The tile's sums after those of one `k`: all rows of a thread by all of its columns. */
function multiplied(tile: TileSize, k: number): string {
  const rowGroups = upTo(tile.rows / 64)
  const groups = columnGroups(tile)
  const reads = [
    ...rowGroups.map((g) => `let a${g} = aStrip[${k}][threadY + ${16 * g}];`),
    ...groups.map((count, g) =>
      count === 4
        ? `let b${g} = bStrip[${k}][threadX + ${16 * g}];`
        : `let pair = bStrip[${k}][threadX / 2 + ${16 * g}]; let b${g} = select(pair.xy, pair.zw, (threadX & 1) == 1);`,
    ),
  ]
  const sums = rowGroups.flatMap((row) =>
    lanes.flatMap((lane, i) =>
      groups.map((count, g) => {
        const sum = sumName(4 * row + i, g)
        return `${sum} = fma(vec${count}<f32>(a${row}.${lane}), b${g}, ${sum});`
      }),
    ),
  )
  return `{ ${reads.join(' ')} ${sums.join(' ')} }`
}

const sumName = (row: number, group: number): string => `sum${row}_${group}`

/** Stores the sums of a row, as vectors where the result is one of vectors. */
function stores(product: TiledProduct, tile: TileSize, parts: number, component: number): string {
  const { rows, columns, products = 1, place } = product
  const size = products * rows * columns
  const isInside = [
    ...(rows % tile.rows === 0 ? [] : [`row < ${rows}`]),
    ...(columns % tile.columns === 0 ? [] : [`column < ${columns}`]),
  ]
  const of = (count: number): string => {
    const vectors = upTo(count / component).map((v) => {
      const at = v * component
      const values = upTo(component).map((i) => `finished(sums.${lanes[at + i]}, index + ${at + i})`)
      const value = component === 1 ? values.join() : `vec${component}<f32>(${values.join(', ')})`
      const store = `result[u32(offset + index + ${at}) >> ${Math.log2(component)}] = ${value};`
      return at > 0 && columns % count !== 0 ? `if (column + ${at} < ${columns}) { ${store} }` : store
    })
    return `fn store${count}(part : i32, product : i32, row : i32, column : i32, sums : vec${count}<f32>) {
  ${isInside.length === 0 ? '' : `if (!(${isInside.join(' && ')})) { return; }`}
  let index = place(product, row, column);
  let offset = ${parts === 1 ? '0' : `part * ${size}`};
  ${vectors.join('\n  ')}
}`
  }
  return `fn place(product : i32, row : i32, column : i32) -> i32 { ${place} }
${[...new Set(columnGroups(tile))].map(of).join('\n')}`
}

/** A product by tiles of one of the sizes of {@link blockTiles}. The threads load a strip while they multiply the one before. */
export function blockTile(product: TiledProduct, tile: TileSize, parts: number, finish?: Finish): Shader {
  const { name, shape, rows, columns, inner, a, b, placeFours } = product
  const depth = depthOf(inner)
  const sides: readonly Side[] = [
    { name: 'a', matrix: a, most: rows, size: tile.rows, depth, first: 'firstRow' },
    { name: 'b', matrix: b, most: columns, size: tile.columns, depth, first: 'firstColumn' },
  ]
  const groups = columnGroups(tile)
  const component = placeFours ? Math.min(...groups) : 1
  const strips = Math.ceil(inner / parts / depth)
  const isFull = inner === parts * strips * depth
  const grid = gridOf(product, tile, parts)
  const tileSums = upTo(tile.rows / across).flatMap((row) => groups.map((count, group) => ({ row, count, group })))
  const load = bySide(sides, (side) => loaded(side, inner, isFull))
  // Lines, since some compilers do not unroll a loop.
  const products = upTo(depth).map((k) => multiplied(tile, k))
  return {
    name,
    inputs: [a.input, b.input, ...(finish?.inputs ?? [])],
    components: [a.fours ? 4 : 1, b.fours ? 4 : 1],
    component,
    shape: parts === 1 ? shape : [parts, ...shape],
    flat: false,
    workgroup: [threads, 1, 1],
    groups: grid.groups,
    text: `
${sides.map((side) => `var<workgroup> ${side.name}Strip : array<array<vec4<f32>, ${side.size / 4}>, ${depth}>;`).join('\n')}
${sides.map((side) => placeFunctions(side.name, side.matrix)).join('\n')}
${finished(finish)}
${stores(product, tile, parts, component)}
fn main() {
  ${grid.text}
  let thread = localIndex;
  // A warp of 32 has 8 × 4 threads of the tile.
  let threadX = ((thread >> 5) & 1) * 8 + (thread & 7);
  let threadY = (thread >> 6) * 4 + ((thread >> 3) & 3);
  var vector = 0u; var deep = 0u;
  var o0 = vec3<u32>(); var o1 = vec3<u32>(); var o2 = vec3<u32>(); var o3 = vec3<u32>();
  ${bySide(sides, chosen)}
  var k = part * ${strips * depth} + deep;
  ${block}
  ${load}
  ${tileSums.map(({ row, count, group }) => `var ${sumName(row, group)} = vec${count}<f32>();`).join(' ')}
  // All threads of a workgroup meet at its barriers: the bound is a constant.
  for (var turn = 0; turn < ${strips}; turn++) {
    ${bySide(sides, (side) => kept(side, isFull))}
    workgroupBarrier();
    k += ${depth};
    if (turn < ${strips - 1}) { ${load} }
    ${products.join('\n    ')}
    workgroupBarrier();
  }
  ${tileSums
    .map(({ row, count, group }) => {
      const at = `i32(firstRow + ${row < 4 ? '' : '64 + '}4 * threadY) + ${row % 4}`
      const column = `i32(firstColumn + ${64 * group} + ${count} * threadX)`
      return `store${count}(i32(part), i32(product), ${at}, ${column}, ${sumName(row, group)});`
    })
    .join('\n  ')}
}
`,
  }
}
