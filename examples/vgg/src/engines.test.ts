import { categoricalCrossentropy, createModel, type Engine, sgd } from '@convzoo/core'
import { createProgram, functionName, initialState, scalarsAt, seedWords } from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { tfjs } from '@convzoo/engine-tfjs'
import { describe, expect, it } from 'vitest'
import { vgg } from './vgg.js'

const batchSize = 2
const input = [32, 32, 1] as const

/** Mean losses of two steps on two images of a gradient, upright and lying. */
async function trained(engine: Engine): Promise<number[]> {
  const model = createModel(vgg, { tag: 'depth-11', input, classes: 2 })
  const optimizer = sgd({ learningRate: 1e-3 })
  const program = createProgram({
    model,
    loss: categoricalCrossentropy(),
    optimizer,
    batchSizes: { train: [batchSize] },
  })
  const executable = await engine.compile(program)
  try {
    await executable.writeState(initialState(program, 1))
    const losses: number[] = []
    for (let step = 0; step < 2; step++) {
      const outputs = await executable.run(functionName('train', batchSize), {
        images: Float32Array.from({ length: batchSize * input[0] * input[1] }, (_, index) =>
          index < input[0] * input[1]
            ? (index % input[1]) / input[1]
            : Math.floor((index - input[0] * input[1]) / input[1]) / input[0],
        ),
        targets: Float32Array.of(1, 0, 0, 1),
        sampleIndices: Uint32Array.of(0, 1),
        seed: Uint32Array.from(seedWords(1)),
        step,
        ...scalarsAt(optimizer, step),
      })
      losses.push([...(outputs.losses ?? [])].reduce((sum, loss) => sum + loss, 0) / batchSize)
    }
    return losses
  } finally {
    await executable.dispose()
  }
}

describe('vgg', () => {
  it('trains alike on ONNX Runtime and on TensorFlow.js', async () => {
    const [first, second] = [await trained(onnx({ device: 'cpu' })), await trained(tfjs({ device: 'cpu' }))]
    expect(new Set(first).size).toBe(2)
    for (const [step, loss] of first.entries()) expect(second[step]).toBeCloseTo(loss, 3)
  }, 600_000)
})
