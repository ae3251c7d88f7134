import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import * as tensorflow from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { TensorFunction } from './function.js'
import { Kernels } from './kernels.js'
import { lastUses } from './liveness.js'
import { TensorState } from './state.js'

const kernels = new Kernels(tensorflow)
const float = (...shape: number[]) => ({ shape, dtype: 'float32' }) as const

beforeAll(async () => {
  tensorflow.env().set('PROD', true)
  await tensorflow.setBackend('cpu')
})

/** w ← w + Σ (2 x)², guarded by its being finite; gives (2 x)². */
function accumulator() {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const x = builder.input('x', float(3))
  const squares = ops.square(ops.multiply(x, 2))
  const next = ops.add(builder.state('w', float()), ops.sum(squares))
  builder.assign('w', next)
  builder.guard(ops.isFinite(next))
  builder.output('squares', squares)
  return builder.finish('accumulate')
}

describe('a function on tensors', () => {
  it('keeps as many tensors after a hundred calls as after one', async () => {
    const state = new TensorState(kernels, [{ name: 'w', shape: [] }])
    const call = new TensorFunction(kernels, accumulator(), state)
    const counts = new Set<number>()
    for (let time = 0; time < 100; time++) {
      await call.run({ x: Float32Array.of(1, 2, 3) })
      counts.add(tensorflow.memory().numTensors)
    }
    expect(counts.size).toBe(1)
    expect([...state.tensor('w').dataSync()]).toEqual([100 * 4 * 14])
  })

  it('frees everything when it is disposed of', async () => {
    const before = tensorflow.memory().numTensors
    const state = new TensorState(kernels, [{ name: 'w', shape: [] }])
    const call = new TensorFunction(kernels, accumulator(), state)
    await call.run({ x: new Float32Array(3) })
    call.dispose()
    state.dispose()
    expect(tensorflow.memory().numTensors).toBe(before)
  })

  it('leaves nothing behind when a kernel fails', async () => {
    const state = new TensorState(kernels, [{ name: 'w', shape: [] }])
    const graph = accumulator()
    const nodes = graph.nodes.map((node) =>
      node.primitive === 'sum' ? { ...node, inputs: [graph.nodes.length] } : node,
    )
    const call = new TensorFunction(kernels, { ...graph, nodes }, state)
    const before = tensorflow.memory().numTensors
    await expect(call.run({ x: new Float32Array(3) })).rejects.toThrow('no value')
    expect(tensorflow.memory().numTensors).toBe(before)
  })

  it('fails for the reason that it failed for, whatever cannot be freed after that', async () => {
    const lost = new Kernels(tensorflow, {
      computations: {},
      async watch(work) {
        await work()
        vi.spyOn(tensorflow.Tensor.prototype, 'dispose').mockImplementation(() => {
          throw new Error('there is no such buffer')
        })
        throw new Error('the GPU is full')
      },
    })
    const call = new TensorFunction(lost, accumulator(), new TensorState(lost, [{ name: 'w', shape: [] }]))
    try {
      await expect(call.run({ x: new Float32Array(3) })).rejects.toThrow('the GPU is full')
    } finally {
      vi.restoreAllMocks()
    }
  })

  it('exchanges two state tensors without mixing them up', async () => {
    const builder = new GraphBuilder()
    builder.assign('a', builder.state('b', float()))
    builder.assign('b', builder.state('a', float()))
    const state = new TensorState(
      kernels,
      ['a', 'b'].map((name) => ({ name, shape: [] })),
    )
    state.stage('a', Float32Array.of(1))
    state.stage('b', Float32Array.of(2))
    state.commitStaged()
    await new TensorFunction(kernels, builder.finish('exchange'), state).run({})
    expect(['a', 'b'].map((name) => state.tensor(name).dataSync()[0])).toEqual([2, 1])
  })
})

describe('lastUses', () => {
  it('frees a value after the last node that reads it, and what leaves the function never', () => {
    const graph = accumulator()
    const dead = lastUses(graph)
    const at = (id: number) => graph.nodes[id]?.primitive
    const freed = dead.flatMap((values, id) => values.map((value) => `${at(value)} after ${at(id)}`))
    expect(freed).toContain('input after multiply')
    expect(freed).toContain('sum after add')
    const leaving = [...graph.outputs, ...graph.assignments].map(({ value }) => value)
    expect(dead.flat().filter((value) => leaving.includes(value) || value === graph.guard)).toEqual([])
  })
})
