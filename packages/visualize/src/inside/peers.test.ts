import { describe, expect, it } from 'vitest'
import { recorded, recordedNetwork } from '../testing/networks.js'
import { deconvnet, gradCam, guidedGradients, inputGradients, integratedGradients, type Network } from './index.js'

const images = Float32Array.from(recorded.images)
const size = images.length / 2

function expectAlike(found: ArrayLike<number>, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length)
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(largest).toBeGreaterThan(0)
  for (const [index, value] of wanted.entries())
    expect(Math.abs((found[index] ?? Number.NaN) - value)).toBeLessThan(1e-5 * largest)
}

describe('what PyTorch finds, too', () => {
  const network: Network = recordedNetwork()

  it.each([16, 1])('gradients of the class that is predicted, %i images at a time', async (batchSize) => {
    const { values, classes } = await inputGradients(network, { images, batchSize })
    expect(classes).toEqual(recorded.labels)
    expectAlike(values, recorded.gradient)
  })

  it('guided gradients', async () => {
    expectAlike((await guidedGradients(network, { images })).values, recorded.guided)
  })

  it.each(Object.entries(recorded.deconvnet))('a deconvnet from %s', async (name, wanted) => {
    const [layer = '', unit] = name.split(' ')
    const projections = await deconvnet(network, { layer, images, units: [Number(unit), Number(unit)] })
    expect(projections.map((each) => each.unit)).toEqual([Number(unit), Number(unit)])
    for (const [index, { values }] of projections.entries()) {
      expect(values).toHaveLength(size)
      // Nothing outside of what the unit sees.
      const { top, left, bottom, right } = projections[index]?.field ?? { top: 0, left: 0, bottom: 0, right: 0 }
      const [, width, channels] = recorded.input
      values.forEach((value, at) => {
        const [y, x] = [Math.floor(at / (width * channels)), Math.floor(at / channels) % width]
        if (y < top || y >= bottom || x < left || x >= right) expect(value).toBe(0)
      })
    }
    expectAlike(
      projections.flatMap(({ values }) => [...values]),
      wanted,
    )
  })

  it('Grad-CAM of the last maps', async () => {
    const { height, width, values } = await gradCam(network, { images })
    expect([height, width]).toEqual([3, 3])
    expectAlike(values, recorded.gradCam)
  })

  it('integrated gradients, which together are what the score is more than that of nothing', async () => {
    const { steps, values: wanted } = recorded.integrated
    const { values } = await integratedGradients(network, { images, steps })
    expectAlike(values, wanted)
  })
})
