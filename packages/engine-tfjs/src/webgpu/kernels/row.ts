import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { Graph, GraphNode } from '@convzoo/core/engine'
import { expressionFunctions, expressions } from '../expressions.js'
import { bound, type Shader } from '../shader.js'
import { isSame, literal, loaded, placeOf, stored } from '../texts.js'

export interface RowGroup {
  readonly root: number
  /** The shape in whose rows the group computes. */
  readonly frame: Shape
  readonly inputs: readonly number[]
  readonly inner: readonly number[]
}

/** Threads of a workgroup, which share a row; a power of 2. */
const threads = 64
/** On one axis, of 65,535 that the standard promises. More rows lie on the next. */
const mostGroups = 2048

/** Whether a node, whose input has this shape, reduces the last axis. */
export function isReduction(node: GraphNode, of: Shape): boolean {
  if (node.primitive === 'softmax' || node.primitive === 'logSoftmax') return true
  if (node.primitive !== 'sum' && node.primitive !== 'max') return false
  const { axes } = node.attributes
  return axes.length === 1 && axes[0] === of.length - 1
}

/**
 * A workgroup computes a row. Every value of the group is a function of its place; what is reduced goes over the row in strides of the
 * workgroup, and then over the workgroup as a tree: one order, whatever the device.
 */
export function rowShader({ nodes }: Graph, { root, frame, inputs, inner }: RowGroup): Shader {
  const columns = frame.at(-1) ?? 1
  const rows = sizeOf(frame) / columns
  const computed = [...inner, root]
  const node = nodes[root]
  const shape = node?.shape ?? []
  const across = Math.min(rows, mostGroups)

  /** The value of node `id`, as `reader` sees it. */
  const seen = (id: number, reader: Shape): string => {
    const constant = literal(nodes[id])
    if (constant !== undefined) return constant
    if (computed.includes(id)) return `v${id}(row, column)`
    const from = nodes[id]?.shape ?? []
    const place = isSame(reader, frame)
      ? placeOf(from, frame, `(row * ${columns} + column)`)
      : sizeOf(from) === 1
        ? '0'
        : 'row'
    return loaded(nodes[id], `x${inputs.indexOf(id)}`, place)
  }

  const parts = computed.map((id) => {
    const { primitive = 'add', inputs: read = [], shape: own = [], dtype } = nodes[id] ?? {}
    const type = dtype === 'bool' ? 'bool' : 'f32'
    const define = (value: string): string => `fn v${id}(row : i32, column : i32) -> ${type} { return ${value}; }`
    const x = nodes[read[0] ?? 0]
    const current = nodes[id]
    if (x === undefined || current === undefined || !isReduction(current, x.shape)) {
      const values = read.map((input) => seen(input, own))
      return { text: define(primitive === 'reshape' ? (values[0] ?? '') : (expressions[primitive]?.(...values) ?? '')) }
    }
    const element = seen(read[0] ?? 0, frame)
    if (primitive === 'sum') {
      return { text: `var<private> r${id} : f32;\n${define(`r${id}`)}`, passes: [sum(`r${id}`, element)] }
    }
    if (primitive === 'max') {
      return { text: `var<private> r${id} : f32;\n${define(`r${id}`)}`, passes: [largest(`r${id}`, element)] }
    }
    const shifted = `(${element} - m${id})`
    return {
      text: `var<private> m${id} : f32;\nvar<private> r${id} : f32;\n${define(
        primitive === 'softmax' ? `exp${shifted} / r${id}` : `${shifted} - log(r${id})`,
      )}`,
      passes: [largest(`m${id}`, element), sum(`r${id}`, `exp${shifted}`)],
    }
  })

  return {
    name: 'row',
    inputs: inputs.map((_, index) => `x${index}`),
    shape,
    dtype: node?.dtype === 'bool' ? 'bool' : 'float32',
    flat: false,
    workgroup: [threads, 1, 1],
    groups: [across, Math.ceil(rows / across), 1],
    text: `${expressionFunctions}
var<workgroup> shared_ : array<f32, ${threads}>;
${reduceOf('total', 'a + b')}
${reduceOf('most', 'larger(a, b)')}
${parts.map(({ text }) => text).join('\n')}
fn main() {
  ${bound}
  let thread = i32(localIndex);
  let wanted = i32(workgroupId.y) * ${across} + i32(workgroupId.x);
  // All threads of a workgroup meet at its barriers: a workgroup beyond the last row computes that once more, and stores nothing.
  let row = min(wanted, ${rows - 1});
  ${parts.flatMap(({ passes = [] }) => passes).join('\n  ')}
  if (wanted >= ${rows}) { return; }
  ${
    isSame(shape, frame)
      ? `for (var column = thread; column < ${columns}; column += ${threads}) { result[row * ${columns} + column] = ${stored(node, `v${root}(row, column)`)}; }`
      : `if (thread == 0) { result[${sizeOf(shape) === 1 ? '0' : 'row'}] = ${stored(node, `v${root}(row, 0)`)}; }`
  }
}
`,
  }

  function sum(name: string, element: string): string {
    return `{ var own = 0.0;
    for (var column = thread; column < ${columns}; column += ${threads}) { own += ${element}; }
    ${name} = total(own, thread); }`
  }

  /** A thread without a column of its own begins with the last one: WGSL has no −∞ to begin with. */
  function largest(name: string, element: string): string {
    return `{ var column = min(thread, ${columns - 1});
    var own = ${element};
    for (column += ${threads}; column < ${columns}; column += ${threads}) { own = larger(own, ${element}); }
    ${name} = most(own, thread); }`
  }
}

const reduceOf = (name: string, both: string): string => `
fn ${name}(own : f32, thread : i32) -> f32 {
  shared_[thread] = own;
  workgroupBarrier();
  for (var half = ${threads / 2}; half > 0; half /= 2) {
    if (thread < half) { let a = shared_[thread]; let b = shared_[thread + half]; shared_[thread] = ${both}; }
    workgroupBarrier();
  }
  let all = shared_[0];
  workgroupBarrier();
  return all;
}`
