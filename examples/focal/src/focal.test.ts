import { activation, categoricalCrossentropy, functionalModel, input, type Loss } from '@convzoo/core'
import { createProgram, interpreterEngine } from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { describeLoss } from '@convzoo/plugin-kit'
import { describe, expect, it } from 'vitest'
import golden from './fixtures/focal.json' with { type: 'json' }
import { focal } from './focal.js'

const engine = () => onnx({ device: 'cpu' })

describeLoss(focal, { engine })
describe('of a power below 1', () => describeLoss(focal, { options: { gamma: 0.5, alpha: 0.25 }, engine }))

/** The losses of the golden logits, of a network that ends in a softmax. */
async function lossesOf(loss: Loss): Promise<readonly number[]> {
  const { logits, targets } = golden
  const images = input({ shape: [3] })
  const model = functionalModel({ inputs: images, output: activation({ function: 'softmax' })(images) })
  const executable = await interpreterEngine().compile(createProgram({ model, loss, batchSizes: { evaluate: [4] } }))
  const { losses = [] } = await executable.run('evaluate/4', {
    images: Float32Array.from(logits.flat()),
    targets: Float32Array.from(targets.flat()),
  })
  return [...losses]
}

describe("the focal loss' numbers", () => {
  it.each(golden.cases)('are those of PyTorch, with $options', async ({ options, losses }) => {
    const received = await lossesOf(focal(options))
    expect(received).toHaveLength(losses.length)
    for (const [sample, loss] of losses.entries()) expect(received[sample]).toBeCloseTo(loss, 6)
  })

  it('are those of the cross-entropy where gamma is 0', async () => {
    expect(await lossesOf(focal({ gamma: 0 }))).toEqual(await lossesOf(categoricalCrossentropy()))
  })
})

it.each([
  ['gamma', -1, '"gamma" of focal'],
  ['alpha', 'a quarter', '"alpha" of focal'],
  ['beta', 0.9, 'focal has no option "beta"'],
])('refuses the option %s: %j', (name, value, said) => {
  expect(() => focal({ [name]: value })).toThrow(said)
})
