import type { Engine } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { tfjs } from '@convzoo/engine-tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { recorded, recordedNetwork } from '../testing/networks.js'
import {
  activations,
  deconvnet,
  gradCam,
  guidedGradients,
  inputGradients,
  integratedGradients,
  type Network,
  occlusion,
  smoothGrad,
} from './index.js'

const images = Float32Array.from(recorded.images)

/** Each method as the numbers that it gives. */
const methods: Readonly<Record<string, (network: Network) => Promise<ArrayLike<number>>>> = {
  activations: async (network) => (await activations(network, { layer: 'conv2d_1', images })).values,
  inputGradients: async (network) => (await inputGradients(network, { images })).values,
  'inputGradients of probabilities': async (network) =>
    (await inputGradients(network, { images, of: 'probability', classes: [1, 2] })).values,
  guidedGradients: async (network) => (await guidedGradients(network, { images })).values,
  smoothGrad: async (network) => (await smoothGrad(network, { images, samples: 3 })).values,
  integratedGradients: async (network) => (await integratedGradients(network, { images, steps: 4 })).values,
  gradCam: async (network) => (await gradCam(network, { images, layer: 'conv2d' })).values,
  occlusion: async (network) => {
    const { features, probabilities } = await occlusion(network, { images, square: 4, stride: 3 })
    return [...features.values, ...probabilities.values]
  },
  deconvnet: async (network) =>
    (await deconvnet(network, { layer: 'dense', images })).flatMap(({ values }) => [...values]),
}

describe.each<[string, () => Engine]>([
  ['onnx', () => onnx({ device: 'cpu' })],
  ['tfjs', () => tfjs({ device: 'cpu' })],
])('on %s', (_, make) => {
  let engine: Engine
  beforeAll(() => {
    engine = make()
  })

  it.each(Object.entries(methods))('%s are those of the interpreter', async (_name, method) => {
    const wanted = await method(recordedNetwork(interpreterEngine()))
    const found = await method(recordedNetwork(engine))
    expect(found.length).toBe(wanted.length)
    const largest = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const worst = Array.from(wanted).reduce(
      (most, value, index) => Math.max(most, Math.abs((found[index] ?? Number.NaN) - value)),
      0,
    )
    expect(worst / largest).toBeLessThan(1e-4)
  })
})
