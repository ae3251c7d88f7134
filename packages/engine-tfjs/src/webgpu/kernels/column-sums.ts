import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { bound, type Shader } from '../shader.js'

/** An array [outer, rows, columns], whose rows are added: neighbouring axes are one, and neither is copied. */
export interface Block {
  readonly outer: number
  readonly rows: number
  readonly columns: number
}

/** One of the shaders that sum a block, and the numbers that it is told. */
interface Pass {
  readonly shader: Shader
  readonly uniforms: readonly number[]
}

/** Threads of a workgroup: some columns, and for each of them some that share its rows. Powers of 2. */
const threads = 256
const mostAcross = 32

/** Workgroups that keep a large GPU busy. */
const enough = 2048

/** Rows that a thread adds at least, four at a time, before it is worth to have a second shader add what several made. */
const fewest = 16

/** On one axis; the standard promises 65,535. Columns beyond the most are further layers. */
const mostGroups = 32_768
const mostChunks = 4096

/**
 * Sums over `axes` as sums over the rows of a block. Undefined where they are others: axes that are apart, sums of many short rows, which
 * TensorFlow.js gives a workgroup each as well, and arrays without elements.
 */
export function blockOf(axes: readonly number[], shape: Shape): Block | undefined {
  const [first, last] = [axes[0], axes.at(-1)]
  if (first === undefined || last === undefined || axes.some((axis, index) => axis !== first + index)) return undefined
  const [outer, columns] = [sizeOf(shape.slice(0, first)), sizeOf(shape.slice(last + 1))]
  const rows = sizeOf(shape.slice(first, last + 1))
  const isTaken = outer * rows * columns > 0 && (columns > 1 || outer === 1)
  return isTaken && outer * layersOf(columns) <= mostGroups ? { outer, rows, columns } : undefined
}

const acrossOf = (columns: number): number => Math.min(2 ** Math.ceil(Math.log2(columns)), mostAcross)
const chunksOf = (columns: number): number => Math.ceil(columns / acrossOf(columns))
const layersOf = (columns: number): number => Math.ceil(chunksOf(columns) / mostChunks)

/**
 * The shaders that sum a block, one after another: two where there are many rows, which then fall into slabs. Neighbouring threads read
 * neighbouring elements, and all is added in one order, whatever the device.
 *
 * @param shape Of the sums.
 */
export function columnSums(block: Block, shape: Shape): readonly Pass[] {
  const { outer, rows, columns } = block
  const down = threads / acrossOf(columns)
  const slabs = Math.max(
    1,
    Math.min(Math.floor(enough / (outer * chunksOf(columns))), Math.ceil(rows / (down * fewest))),
  )
  if (slabs === 1) return [pass(block, 1, shape)]
  const parts = pass(block, slabs, [outer, slabs, columns])
  return [parts, pass({ outer, rows: slabs, columns }, 1, shape)]
}

/** Its sizes are uniforms, since nothing is divided by them: few texts serve all sums. */
function pass({ outer, rows, columns }: Block, slabs: number, shape: Shape): Pass {
  const across = acrossOf(columns)
  const down = threads / across
  const layers = layersOf(columns)
  const groups: Shader['groups'] = [Math.min(chunksOf(columns), mostChunks), slabs, outer * layers]
  return { uniforms: [rows, columns, Math.ceil(rows / slabs), slabs, layers], shader: { ...textOf(), shape, groups } }

  function textOf(): Omit<Shader, 'shape' | 'groups'> {
    return {
      name: 'column sums',
      inputs: ['x'],
      uniforms: ['rows', 'columns', 'slab', 'slabs', 'layers'],
      flat: false,
      workgroup: [threads, 1, 1],
      text: `
var<workgroup> sums : array<f32, ${threads}>;
fn element(start : i32, row : i32, end : i32) -> f32 {
  let value = x[start + min(row, end - 1) * i32(uniforms.columns)];
  return select(0.0, value, row < end);
}
fn main() {
  ${bound}
  let thread = i32(localIndex);
  let layers = i32(uniforms.layers);
  let z = i32(workgroupId.z);
  let columns = i32(uniforms.columns);
  let column = ((z % layers) * ${mostChunks} + i32(workgroupId.x)) * ${across} + thread % ${across};
  let outer = z / layers;
  let first = i32(workgroupId.y * uniforms.slab);
  let end = min(first + i32(uniforms.slab), i32(uniforms.rows));
  let start = outer * i32(uniforms.rows) * columns + min(column, columns - 1);
  // Four at once, which wait for memory together.
  var four = vec4<f32>();
  for (var row = first + thread / ${across}; row < end; row += ${4 * down}) {
    four += vec4<f32>(element(start, row, end), element(start, row + ${down}, end), element(start, row + ${2 * down}, end), element(start, row + ${3 * down}, end));
  }
  sums[thread] = (four.x + four.y) + (four.z + four.w);
  workgroupBarrier();
  for (var half = ${threads / 2}; half >= ${across}; half /= 2) {
    if (thread < half) { sums[thread] += sums[thread + half]; }
    workgroupBarrier();
  }
  if (thread < ${across} && column < columns) {
    result[(outer * i32(uniforms.slabs) + i32(workgroupId.y)) * columns + column] = sums[thread];
  }
}
`,
    }
  }
}
