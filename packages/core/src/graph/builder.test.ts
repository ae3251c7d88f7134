import { describe, expect, it } from 'vitest'
import { errorOf } from '../testing/error-of.js'
import { GraphBuilder } from './builder.js'
import { interpret } from './interpreter/interpreter.js'
import { opsFor } from './ops.js'

const scalar = { shape: [], dtype: 'float32' } as const
const vector = { shape: [2], dtype: 'float32' } as const

function begin() {
  const builder = new GraphBuilder()
  return { builder, ops: opsFor(builder), x: builder.input('x', vector) }
}

describe('GraphBuilder', () => {
  it('keeps the same primitive on the same values once', () => {
    const { builder, ops, x } = begin()
    const y = ops.add(ops.exp(x), ops.exp(x))
    builder.output('y', y)
    builder.output('again', ops.add(ops.exp(x), ops.exp(x)))
    const { nodes, outputs } = builder.finish('f')
    expect(nodes.map(({ primitive }) => primitive)).toEqual(['input', 'exp', 'add'])
    expect(outputs).toEqual([
      { name: 'y', value: 2 },
      { name: 'again', value: 2 },
    ])
  })

  it('keeps apart what differs in inputs, their order or attributes', () => {
    const { ops, x } = begin()
    const other = ops.exp(x)
    expect(ops.subtract(x, other)).not.toBe(ops.subtract(other, x))
    expect(ops.sum(x)).not.toBe(ops.sum(x, { keepDimensions: true }))
    expect(ops.constant(1)).not.toBe(ops.constant(1, [1]))
    expect(ops.constant(1)).toBe(ops.constant(1))
  })

  it('keeps apart infinities, NaN and the two zeros', () => {
    const { builder, ops } = begin()
    const numbers = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0]
    for (const [index, number] of numbers.entries()) builder.output(`y${index}`, ops.constant(number))
    const { outputs } = interpret(builder.finish('f'), { inputs: { x: [0, 0] } })
    expect(numbers.map((_, index) => outputs[`y${index}`]?.data[0])).toEqual(numbers)
  })

  it('drops what nothing needs and keeps inputs that nothing reads', () => {
    const { builder, ops, x } = begin()
    builder.input('unread', scalar)
    ops.tanh(ops.exp(x))
    builder.output('y', ops.negate(x))
    const graph = builder.finish('f')
    expect(graph.nodes.map(({ primitive }) => primitive)).toEqual(['input', 'input', 'negate'])
    expect(graph.inputs.map(({ name, value }) => ({ name, value }))).toEqual([
      { name: 'x', value: 0 },
      { name: 'unread', value: 1 },
    ])
    expect(graph.outputs).toEqual([{ name: 'y', value: 2 }])
    expect(graph.nodes[2]?.inputs).toEqual([0])
  })

  it('keeps what assignments and the guard need, and state only if it is read', () => {
    const { builder, ops, x } = begin()
    const state = builder.state('w', vector)
    builder.state('unread', vector)
    builder.assign('w', ops.add(state, x))
    builder.guard(ops.isFinite(ops.sum(x)))
    const graph = builder.finish('f')
    expect(graph.nodes.map(({ primitive }) => primitive)).toEqual(['input', 'state', 'add', 'sum', 'isFinite'])
    expect(graph.assignments).toEqual([{ state: 'w', value: 2 }])
    expect(graph.guard).toBe(4)
  })

  it('makes graphs that are plain data', () => {
    const { builder, ops, x } = begin()
    builder.output('y', ops.multiply(x, 2))
    const graph = builder.finish('f')
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph)
  })

  it('refuses a second assignment to a state, a wrong number of inputs and values of another graph', () => {
    const { builder, x } = begin()
    builder.assign('w', x)
    expect(() => builder.assign('w', x)).toThrow('The state w is assigned twice in one function.')
    expect(() => builder.apply('add', [x], {})).toThrow(
      'The primitive add got a number of inputs that it does not take.',
    )
    expect(() => builder.node({ id: 99, ...vector })).toThrow(
      'The argument "value" of GraphBuilder.node cannot be used.',
    )
  })

  it('refuses to compute with what another graph, or nobody, made', () => {
    const { builder, ops, x } = begin()
    const other = begin().x
    expect([x, other, undefined, 1].map((value) => builder.owns(value))).toEqual([true, false, false, false])
    expect(builder.owns(builder.valueOf(x.id))).toBe(true)
    const received = [other, undefined, { ...x }, 'x'].map(
      (value) => errorOf(() => ops.add(x, value as never)).received,
    )
    expect(received).toEqual(['a value of another trace', 'nothing', 'a value of another trace', '"x"'])
  })
})
