import { sgd } from '@convzoo/core'
import { onnx } from '@convzoo/engine-onnx'
import { describeArchitecture } from '@convzoo/plugin-kit'
import manifest from '../package.json' with { type: 'json' }
import { vgg } from './vgg.js'

const deeper = 'the layers of depth-11, more often: what it shows, that one shows in less time'
const trained = [
  'has a gradient for every trainable weight',
  'overfits 8 images in 60 steps without dropout',
  'goes on from state that was read and written back',
]
const skipped = ['depth-13', 'depth-16', 'depth-19'].flatMap((tag) =>
  trained.map((title) => [`${tag} > ${title}`, deeper]),
)

describeArchitecture(vgg, {
  manifest,
  engine: () => onnx({ device: 'cpu' }),
  optimizer: sgd({ learningRate: 0.003, momentum: 0.9 }),
  small: [32, 32, 3],
  sizes: [[64, 48, 1]],
  // Parameters as torchvision documents them for vgg16, vgg19, vgg13 and vgg11; shapes of the last pooling as in the paper.
  expected: {
    'depth-16': { parameters: 138_357_544, layers: 25, shapes: { max_pooling2d_4: [7, 7, 512] } },
    'depth-19': { parameters: 143_667_240, layers: 28, shapes: { max_pooling2d_4: [7, 7, 512] } },
    'depth-13': { parameters: 133_047_848, layers: 22, shapes: { max_pooling2d_4: [7, 7, 512] } },
    'depth-11': { parameters: 132_863_336, layers: 20, shapes: { max_pooling2d_4: [7, 7, 512] } },
  },
  skip: Object.fromEntries(skipped),
})
