import { sgd } from '@convzoo/core'
import { onnx } from '@convzoo/engine-onnx'
import { describeArchitecture } from '@convzoo/plugin-kit'
import manifest from '../package.json' with { type: 'json' }
import { resnet9 } from './resnet9.js'

describeArchitecture(resnet9, {
  manifest,
  engine: () => onnx({ device: 'cpu' }),
  optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
  small: [16, 16, 1],
  sizes: [[32, 32, 3]],
  // Parameters and moving statistics of the same network in PyTorch.
  expected: {
    'width-16': { parameters: 413_786, shapes: { global_max_pooling2d: [128] } },
    'width-24': { parameters: 928_258 },
    'width-32': { parameters: 1_647_786 },
    'width-64': { parameters: 6_576_458, shapes: { global_max_pooling2d: [512] } },
  },
})
