import type { Preprocessing } from './preprocessing.js'

/** Per-channel statistics of ImageNet's training images, as torchvision documents them. */
export const imagenetPreprocessing: Preprocessing = {
  resize: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
}
