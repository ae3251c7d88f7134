import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import * as tensorflow from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Calls } from './calls.js'
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

describe('calls that follow each other', () => {
  const given = [1, 2, 3, 4]
  const inputs = (value: number) => ({ x: Float32Array.of(value, 0, 0) })

  /** A device whose results come late, and which says what it is asked for. */
  const slowly = (log: string[]) => {
    let number = 0
    return new Kernels(tensorflow, {
      computations: {},
      async watch(work) {
        const own = ++number
        log.push(`ask ${own}`)
        const done = await work()
        await new Promise((resolve) => setTimeout(resolve, own % 2 === 0 ? 1 : 20))
        log.push(`end ${own}`)
        return done
      },
    })
  }

  function prepared(log: string[] = []) {
    const late = slowly(log)
    const state = new TensorState(late, [{ name: 'w', shape: [] }])
    return { state, called: new TensorFunction(late, accumulator(), state), calls: new Calls() }
  }

  it('give what they would one after another, in two at a time', async () => {
    const log: string[] = []
    const { state, called, calls } = prepared(log)
    const before = tensorflow.memory().numTensors
    const all = await Promise.all(given.map((value) => calls.after(called, inputs(value))))
    expect(all.map((outputs) => outputs?.squares?.[0])).toEqual([4, 16, 36, 64])
    expect([...state.tensor('w').dataSync()]).toEqual([4 * (1 + 4 + 9 + 16)])
    expect(tensorflow.memory().numTensors).toBe(before)
    expect(log.slice(0, 2)).toEqual(['ask 1', 'ask 2'])
    expect(log.indexOf('ask 3')).toBeGreaterThan(log.indexOf('end 1'))
  })

  it('leave the state of the last that was allowed, and give nothing from the first that was not', async () => {
    const { state, called, calls } = prepared()
    const before = tensorflow.memory().numTensors
    const values = [1, 2, Number.POSITIVE_INFINITY, 4, 5]
    const all = await Promise.all(values.map((value) => calls.after(called, inputs(value))))
    expect(all.map((outputs) => outputs?.squares?.[0])).toEqual([4, 16, Infinity, undefined, undefined])
    expect([...state.tensor('w').dataSync()]).toEqual([20])
    expect(tensorflow.memory().numTensors).toBe(before)
    expect(await calls.after(called, inputs(6))).toBeUndefined()
    expect((await calls.alone(called, inputs(3)))?.squares?.[0]).toBe(36)
    expect((await calls.after(called, inputs(1)))?.squares?.[0]).toBe(4)
    expect([...state.tensor('w').dataSync()]).toEqual([60])
  })

  it('are not made after one that failed, which alone tells why', async () => {
    const { state, called, calls } = prepared()
    const before = tensorflow.memory().numTensors
    const first = calls.after(called, inputs(1))
    const failing = calls.after(called, {})
    const later = calls.after(called, inputs(2))
    await expect(failing).rejects.toThrow('before it is computed')
    expect([(await first)?.squares?.[0], await later]).toEqual([4, undefined])
    expect([...state.tensor('w').dataSync()]).toEqual([4])
    expect(tensorflow.memory().numTensors).toBe(before)
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
