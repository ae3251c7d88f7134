import {
  type BuildInputs,
  conv2d,
  defineArchitecture,
  dense,
  dropout,
  flatten,
  imagenetPreprocessing,
  maxPool2d,
  register,
  type SymbolicTensor,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }

/** Two convolutions and two dense layers; `width` is the number of filters of the first. */
function network({ input, classes }: BuildInputs, width: number): SymbolicTensor {
  let x = conv2d({ filters: width, kernelSize: 3, padding: 'same', activation: 'relu' })(input)
  x = maxPool2d({ poolSize: 2 })(x)
  x = conv2d({ filters: 2 * width, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 4 })(x)
  x = flatten()(x)
  x = dense({ units: 8 * width, activation: 'relu' })(x)
  x = dropout({ rate: 0.5 })(x)
  return dense({ units: classes, activation: 'softmax' })(x)
}

/**
 * My Net.
 *
 * @example
 * import { createModel } from '@convzoo/core'
 * import { myNet } from 'convzoo-my-net'
 * const model = createModel(myNet, { classes: 10 })
 */
export const myNet = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'my-net',
  title: 'My Net',
  paper: {
    title: 'The paper that describes it',
    authors: ['Your Name'],
    year: 2026,
    url: 'https://example.org/',
  },
  tags: {
    small: {
      defaults: { input: [32, 32, 3], classes: 10 },
      // The whole picture, by ImageNet's statistics. Core also has randomCropPreprocessing and pcaNoisePreprocessing, as papers crop,
      // mirror and colour photographs; declare what yours does.
      preprocessing: imagenetPreprocessing,
      build: (inputs) => network(inputs, 8),
    },
    wide: {
      defaults: { input: [32, 32, 3], classes: 10 },
      preprocessing: imagenetPreprocessing,
      build: (inputs) => network(inputs, 16),
    },
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      'my-net': true
      'my-net.small': true
      'my-net.wide': true
    }
  }
}

register(myNet)
