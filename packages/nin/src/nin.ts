import {
  byteRangePreprocessing,
  defineArchitecture,
  type Preprocessing,
  randomCropPreprocessing,
  register,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }
import { notebook } from './notebook.js'
import { cifar10, cifar10ModernRecipe, cifar10Recipe, imagenet, imagenetModernRecipe, imagenetRecipe } from './paper.js'

/** The pictures move by up to 4 pixels and are mirrored half of the time. Then their contrast is made equal, and they are whitened. §4.1. */
const cifar10Preprocessing: Preprocessing = {
  resize: 'bilinear',
  mean: [0],
  standardDeviation: [1],
  whitening: { type: 'zca', contrast: 55, epsilon: 0.1 },
  augmentation: [{ type: 'randomCrop', padding: 4 }, { type: 'horizontalFlip' }],
}

/**
 * Network In Network. Without classes the notebook's ends in 256 features.
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
    imagenet: {
      defaults: { input: [224, 224, 3], classes: 1000 },
      preprocessing: byteRangePreprocessing,
      recipes: { modern: imagenetModernRecipe, paper: imagenetRecipe },
      build: imagenet,
    },
    cifar10: {
      defaults: { input: [32, 32, 3], classes: 10 },
      preprocessing: cifar10Preprocessing,
      recipes: { modern: cifar10ModernRecipe, paper: cifar10Recipe },
      build: cifar10,
    },
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      nin: true
      'nin.notebook': true
      'nin.imagenet': true
      'nin.cifar10': true
    }
  }
}

register(nin)
