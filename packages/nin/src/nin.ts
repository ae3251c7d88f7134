import {
  activation,
  type BuildInputs,
  conv2d,
  defineArchitecture,
  globalAveragePooling2d,
  maxPool2d,
  randomCropPreprocessing,
  register,
  type SymbolicTensor,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }

/**
 * The network of the notebook, layer for layer: AlexNet's convolutions, then the mean of each of their 256 maps. With classes, one map
 * for each before the mean, and a softmax behind it, as the paper has them.
 */
function notebook({ input, classes, endsIn }: BuildInputs): SymbolicTensor {
  let x = conv2d({ filters: 96, kernelSize: 11, strides: 4 })(input)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 256, kernelSize: 5, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu', biasInitializer: 'ones' })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = conv2d({ filters: 256, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  if (endsIn === 'features') return globalAveragePooling2d()(x)
  x = conv2d({ filters: classes, kernelSize: 1 })(x)
  x = globalAveragePooling2d()(x)
  return activation({ function: 'softmax' })(x)
}

/**
 * Network In Network. Without classes it ends in 256 features.
 *
 * @example
 * import { createModel } from '@convzoo/core'
 * import { nin } from '@convzoo/nin'
 * const model = createModel(nin, { classes: 10 })
 */
export const nin = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'nin',
  title: 'Network In Network',
  paper: {
    title: 'Network In Network',
    authors: ['Min Lin', 'Qiang Chen', 'Shuicheng Yan'],
    year: 2013,
    url: 'https://arxiv.org/abs/1312.4400',
  },
  tags: {
    notebook: {
      defaults: { input: [227, 227, 3], endsIn: 'features' },
      preprocessing: randomCropPreprocessing,
      build: notebook,
    },
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      nin: true
      'nin.notebook': true
    }
  }
}

register(nin)
