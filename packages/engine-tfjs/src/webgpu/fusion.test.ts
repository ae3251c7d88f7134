import { categoricalCrossentropy, conv2d, dense, flatten, functionalModel, input, sgdw } from '@convzoo/core'
import { createProgram, type Graph, GraphBuilder, opsFor } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { fused } from './fusion.js'

const float = (...shape: number[]) => ({ shape, dtype: 'float32' }) as const

/** v ← μ·v − lr·g, w ← (1 − wd)·w + v, as an optimizer writes it. */
function update(): Graph {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const [rate, decay] = [builder.input('rate', float()), builder.input('decay', float())]
  const [w, v, g] = [builder.state('w', float(5, 3)), builder.state('v', float(5, 3)), builder.input('g', float(5, 3))]
  const velocity = ops.subtract(ops.multiply(v, 0.9), ops.multiply(g, rate))
  builder.assign('v', velocity)
  builder.assign('w', ops.add(ops.subtract(w, ops.multiply(w, decay)), velocity))
  return builder.finish('update')
}

const named = ({ nodes }: Graph, ids: readonly number[]) => ids.map((id) => nodes[id]?.primitive).toSorted()

describe('nodes that one shader computes', () => {
  it('are an update whole: what is stored is computed once, what is between is not', () => {
    const graph = update()
    const groups = fused(graph)
    expect([...groups.keys()].toSorted()).toEqual(graph.assignments.map(({ value }) => value).toSorted())
    expect([...groups.values()].map(({ inner }) => named(graph, inner))).toEqual([
      ['multiply', 'subtract'],
      ['multiply', 'multiply'],
    ])
  })

  it('have at most as many inputs as WebGPU promises buffers, and are each in one group', () => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    const values = Array.from({ length: 33 }, (_, index) => builder.input(`x${index}`, float()))
    builder.guard(values.map((value) => ops.isFinite(value)).reduce((a, b) => ops.and(a, b)))
    const graph = builder.finish('finite')
    const groups = [...fused(graph)]
    for (const [, { inputs }] of groups) expect(inputs.length).toBeLessThanOrEqual(7)
    const computed = groups.flatMap(([root, { inner }]) => [root, ...inner])
    expect(new Set(computed).size).toBe(computed.length)
    const alone = graph.nodes.filter(({ primitive }) => primitive !== 'input').length - computed.length
    expect(groups.length + alone).toBeLessThan(12)
  })

  it('are read by nobody else', () => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    const x = builder.input('x', float(4))
    const shared = ops.multiply(x, 2)
    builder.output('a', ops.add(shared, 1))
    builder.output('b', ops.sum(shared))
    expect([...fused(builder.finish('shared'))]).toEqual([])
  })
})

/** A training step of a small network, its nodes by their group: the primitives of each, the root's among them. */
function step(): readonly (readonly (string | undefined)[])[] {
  const images = input({ shape: [8, 8, 3] })
  const features = flatten()(conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })(images))
  const output = dense({ units: 5, activation: 'softmax' })(features)
  const { functions } = createProgram({
    model: functionalModel({ inputs: images, output }),
    loss: categoricalCrossentropy(),
    optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }),
    batchSizes: { train: [2] },
  })
  const graph = functions['train/2']
  if (graph === undefined) throw new Error('The program does not train.')
  return [...fused(graph)].map(([root, { inner }]) => named(graph, [root, ...inner]))
}

describe('a training step', () => {
  it('has one shader for a convolution with bias and activation, one for a dense layer with its bias', () => {
    expect(step()).toContainEqual(['add', 'conv2d', 'relu'])
    expect(step()).toContainEqual(['add', 'matMul'])
  })

  it('has one shader for the loss, and one for its gradient', () => {
    expect(step()).toContainEqual(['logSoftmax', 'multiply', 'negate', 'sum'])
    const gradient = step().find((group) => group.includes('sum') && group.includes('subtract'))
    expect(gradient).toEqual(expect.arrayContaining(['broadcastTo', 'multiply', 'reshape']))
  })

  it("moves a dense layer's kernel in the shader that computes its gradient", () => {
    expect(step()).toContainEqual(['matMul', 'multiply', 'multiply', 'subtract'])
  })
})
