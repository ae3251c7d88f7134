import { afterAll, describe, expect, it } from 'vitest'
import { train } from './index.js'
import { Project } from './testing/project.js'

const project = new Project()
afterAll(() => project[Symbol.dispose]())

/**
 * What a first command does, on few digits and small inputs: nothing of how to train is said. A guess is one in ten; so few steps take a
 * network well above it, and a start that steers too far leaves it there.
 */
describe('a training of which only network and data are said', () => {
  it.each([
    { network: 'alexnet', epochs: 3 },
    { network: 'alexnet.torchvision', epochs: 3 },
    { network: 'alexnet.paper2012-single', epochs: 3 },
    { network: 'alexnet-twotower', epochs: 3 },
    { network: 'alexnet-twotower.paper2012', epochs: 3 },
    { network: 'alexnet-twotower.caffe', epochs: 3 },
    { network: 'zfnet', epochs: 3, side: 35 },
    { network: 'zfnet.paper2013', epochs: 3 },
    { network: 'nin', epochs: 3 },
    { network: 'nin.imagenet', epochs: 3 },
    { network: 'nin.cifar10', epochs: 8, side: 16 },
  ])('learns digits with $network', { timeout: 900_000 }, async ({ network, epochs, side = 67 }) => {
    const result = await train(
      {
        network: { id: network, input: [side, side, 1] },
        data: { source: 'mnist', limit: 1600, testLimit: 200 },
        training: { epochs },
        engine: { name: 'onnx', device: 'cpu' },
      },
      { folder: project.path(`runs/${network}`), onWarning: () => undefined },
    )
    expect(result?.score?.top1).toBeGreaterThan(0.35)
  })
})
