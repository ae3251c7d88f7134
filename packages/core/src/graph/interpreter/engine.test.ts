import { describe, expect, it } from 'vitest'
import type { Executable, NamedTensor } from '../../contracts/index.js'
import { ConvzooError } from '../../errors/index.js'
import { dense, input } from '../../layers/index.js'
import { categoricalCrossentropy } from '../../losses/index.js'
import { functionalModel } from '../../model/index.js'
import { sgdw } from '../../optimizers/index.js'
import { createProgram, initialState } from '../../program/index.js'
import { interpreterEngine } from './engine.js'

const images = input({ shape: [2] })
const model = functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(images) })
const program = createProgram({
  model,
  loss: categoricalCrossentropy(),
  optimizer: sgdw({ weightDecay: 0, momentum: 0.9 }),
  batchSizes: { train: [2], predict: [1] },
})

const batch = {
  images: Float32Array.of(1, 0, 0, 1),
  targets: Float32Array.of(1, 0, 0, 1),
  sampleIndices: Uint32Array.of(0, 1),
  seed: Uint32Array.of(1, 0),
  step: 0,
  learningRate: 0.5,
  weightDecay: 0,
}

async function stateOf(executable: Executable, names?: readonly string[]): Promise<NamedTensor[]> {
  const tensors: NamedTensor[] = []
  for await (const tensor of executable.readState(names)) tensors.push(tensor)
  return tensors
}

async function kindOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
  } catch (error) {
    return ConvzooError.isInstance(error) ? error.kind : String(error)
  }
  return 'nothing was thrown'
}

describe('interpreterEngine', () => {
  it('says what it is and that it is there', async () => {
    const engine = interpreterEngine()
    expect(engine).toMatchObject({ specification: 'engine/v1', name: 'interpreter' })
    expect(await engine.devices()).toMatchObject([{ device: 'cpu', available: true }])
  })

  it('starts from zeros, takes state and gives it back in the order of the program', async () => {
    const executable = await interpreterEngine().compile(program)
    expect((await stateOf(executable)).every(({ data }) => data.every((x) => x === 0))).toBe(true)
    const start = [...initialState(program, 1)]
    await executable.writeState(start.toReversed())
    expect(await stateOf(executable)).toEqual(start)
    expect((await stateOf(executable, ['dense/bias'])).map(({ name }) => name)).toEqual(['dense/bias'])
  })

  it('commits a step, and not one that is not finite', async () => {
    const executable = await interpreterEngine().compile(program)
    const first = await executable.run('train/2', batch)
    // Zero weights: both classes ½, the loss ln 2. The gradient of the bias cancels, that of the kernel is ∓¼.
    expect(first.losses).toEqual(Float32Array.of(Math.LN2, Math.LN2))
    expect(first.finite).toEqual(Uint8Array.of(1))
    const [kernel] = await stateOf(executable, ['dense/kernel'])
    expect(kernel?.data).toEqual(Float32Array.of(0.125, -0.125, -0.125, 0.125))
    const bad = await executable.run('train/2', { ...batch, images: Float32Array.of(Number.NaN, 0, 0, 1) })
    expect(bad.finite).toEqual(Uint8Array.of(0))
    expect((await stateOf(executable, ['dense/kernel']))[0]).toEqual(kernel)
  })

  it('changes nothing if one of the tensors written does not belong to it', async () => {
    const executable = await interpreterEngine().compile(program)
    const before = await stateOf(executable)
    const bias = { name: 'dense/bias', shape: [2], data: Float32Array.of(1, 2) }
    const wrong: NamedTensor[] = [
      { name: 'other', shape: [2], data: Float32Array.of(1, 2) },
      { name: 'dense/kernel', shape: [4], data: new Float32Array(4) },
      { name: 'dense/kernel', shape: [2, 2], data: new Float32Array(3) },
    ]
    for (const tensor of wrong) expect(await kindOf(executable.writeState([bias, tensor]))).toBe('state')
    expect(await stateOf(executable)).toEqual(before)
  })

  it('refuses functions, inputs and state that it does not have', async () => {
    const executable = await interpreterEngine().compile(program)
    const { seed: _, ...withoutSeed } = batch
    expect(await kindOf(executable.run('train/3', batch))).toBe('state')
    expect(await kindOf(executable.run('train/2', withoutSeed))).toBe('state')
    expect(await kindOf(executable.run('train/2', { ...batch, targets: new Float32Array(3) }))).toBe('state')
    expect(await kindOf(stateOf(executable, ['other']))).toBe('state')
  })

  it('ignores inputs that a function does not declare', async () => {
    const executable = await interpreterEngine().compile(program)
    const { probabilities } = await executable.run('predict/1', { images: Float32Array.of(3, 4), other: 1 })
    expect(probabilities).toEqual(Float32Array.of(0.5, 0.5))
  })

  it('computes in single precision if asked', async () => {
    const after = async (precision: 'float32' | 'float64') => {
      const executable = await interpreterEngine({ precision }).compile(program)
      await executable.writeState(initialState(program, 1))
      const { losses } = await executable.run('train/2', batch)
      return [...(losses ?? [])]
    }
    const [single, double] = [await after('float32'), await after('float64')]
    for (const [index, value] of double.entries()) expect(single[index]).toBeCloseTo(value, 6)
  })
})
