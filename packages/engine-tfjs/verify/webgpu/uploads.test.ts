import { zeros } from '@convzoo/core'
import { GraphBuilder, opsFor, type Program } from '@convzoo/core/engine'
import { tfjs } from '@convzoo/engine-tfjs'
import { describe, expect, it } from 'vitest'
import { project } from '../project.js'
import { runtime, waves } from './kernels.js'

const { kernels } = runtime

/** `keep` puts its input into the state as it is, `read` gives the state. */
function program(length: number): Program {
  const keep = new GraphBuilder()
  keep.assign('w', keep.input('x', { shape: [length], dtype: 'float32' }))
  const add = new GraphBuilder()
  const [x, w] = [
    add.input('x', { shape: [length], dtype: 'float32' }),
    add.state('w', { shape: [length], dtype: 'float32' }),
  ]
  add.output('y', opsFor(add).add(x, w))
  return {
    state: [{ name: 'w', shape: [length], dtype: 'float32', role: 'weight', initializer: zeros }],
    functions: { keep: keep.finish('keep'), add: add.finish('add') },
  }
}

describe.each([
  ['with the queue', 1000],
  ['by memory of its own', 20_000],
])('numbers that cross to WebGPU %s', (_, length) => {
  it('are those that were there, though their owner writes others at once', async () => {
    const data = waves([length])
    const before = data.slice()
    for (let turn = 0; turn < 3; turn++) {
      data.set(before)
      const [first, second] = [kernels.copyOf(data, [length]), kernels.copyOf(data.fill(turn), [length])]
      data.fill(Number.NaN)
      expect(await kernels.numbers(first)).toEqual(before)
      expect(new Set(await kernels.numbers(second))).toEqual(new Set([turn]))
      first.dispose()
      second.dispose()
    }
  })

  it('may lie in the middle of shared memory, and stay what state was made of them', async () => {
    const executable = await tfjs({ device: 'webgpu', project, allowCpu: true }).compile(program(length))
    const numbers = waves([length])
    const shared = new Float32Array(new SharedArrayBuffer(4 * length + 16), 8, length)
    shared.set(numbers)
    await executable.run('keep', { x: shared })
    for (let turn = 1; turn < 4; turn++) {
      shared.fill(turn)
      const { y } = await executable.run('add', { x: shared })
      expect(y).toEqual(numbers.map((value) => Math.fround(value + turn)))
    }
    expect((await executable.run('add', { x: numbers })).y).toEqual(numbers.map((value) => 2 * value))
    await executable.dispose()
  })
})

describe('numbers that cross to WebGPU in several pieces', () => {
  it('are whole, and the last piece is short', async () => {
    // 16 MiB are 4,194,304 numbers.
    const data = Float32Array.from({ length: 2 * 4_194_304 + 5 }, (_, index) => index)
    const tensor = kernels.copyOf(data, [data.length])
    const numbers = await kernels.numbers(tensor)
    expect(numbers.length).toBe(data.length)
    expect(numbers.findIndex((value, index) => value !== index)).toBe(-1)
    tensor.dispose()
  })
})
