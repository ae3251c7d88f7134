import { dense, functionalModel, input, type Loss } from '@convzoo/core'
import { createProgram, initialState, interpreterEngine, scalarsAt } from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { describeOptimizer } from '@convzoo/plugin-kit'
import { describe, expect, it } from 'vitest'
import golden from './fixtures/lion.json' with { type: 'json' }
import { lion } from './lion.js'

describeOptimizer(lion, {
  options: { weightDecay: 0.01 },
  learningRate: 0.01,
  engine: () => onnx({ device: 'cpu' }),
  // A step of 1e-4 is a few thousand units in the last place of a weight in single precision.
  tolerance: 1e-3,
})

/** Its gradient by the weights is the image. */
const output: Loss = {
  name: 'output',
  losses: ({ ops, output: y, targets }) => ops.sum(ops.multiply(y, targets), { axes: [1] }),
}

describe("Lion's numbers", () => {
  it.each(golden.cases)('are those of the paper, with $options', async ({ options, steps }) => {
    const images = input({ shape: [golden.start.length] })
    const model = functionalModel({ inputs: images, output: dense({ units: 1, useBias: false })(images) })
    const optimizer = lion(options)
    const program = createProgram({ model, loss: output, optimizer, batchSizes: { train: [1] } })
    const executable = await interpreterEngine().compile(program)
    await executable.writeState(initialState(program, 1))
    const weight = { name: 'dense/kernel', shape: [golden.start.length, 1], data: Float32Array.from(golden.start) }
    await executable.writeState([weight])
    for (const [step, expected] of steps.entries()) {
      await executable.run('train/1', {
        images: Float32Array.from(golden.gradients[step] ?? []),
        targets: Float32Array.of(1),
        sampleIndices: Uint32Array.of(0),
        seed: Uint32Array.of(1, 0),
        step,
        ...scalarsAt(optimizer, step),
      })
      const state = new Map<string, Float32Array>()
      for await (const { name, data } of executable.readState()) state.set(name, data)
      expectClose(state.get('dense/kernel'), expected.weight)
      expectClose(state.get('dense/kernel/mean'), expected.mean)
    }
  })
})

function expectClose(received: Float32Array | undefined, expected: readonly number[]): void {
  expect(received).toHaveLength(expected.length)
  for (const [place, value] of expected.entries()) expect(received?.[place]).toBeCloseTo(value, 6)
}

it.each([
  ['beta1', 1, '"beta1" of lion'],
  ['beta2', -0.1, '"beta2" of lion'],
  ['momentum', 0.9, 'lion has no option "momentum"'],
])('refuses the option %s: %j', (name, value, said) => {
  expect(() => lion({ [name]: value })).toThrow(said)
})
