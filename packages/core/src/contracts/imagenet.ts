import type { Preprocessing } from './preprocessing.js'

/** Per-channel statistics of ImageNet's training images, as torchvision documents them. The whole picture is seen. */
export const imagenetPreprocessing: Preprocessing = {
  resize: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
}

/**
 * Of the picture resized to a shorter side of 256, a random part as large as the input, mirrored half of the time; in an evaluation
 * its centre. The first form of augmentation of Krizhevsky et al. 2012, §4.1, for inputs of about 224.
 */
export const randomCropPreprocessing: Preprocessing = {
  ...imagenetPreprocessing,
  shorterSide: 256,
  augmentation: [{ type: 'randomCrop' }, { type: 'horizontalFlip' }],
}

/** Both forms of augmentation of Krizhevsky et al. 2012, §4.1: random crops and mirrors, then noise along the principal colours. */
export const pcaNoisePreprocessing: Preprocessing = {
  ...randomCropPreprocessing,
  augmentation: [{ type: 'randomCrop' }, { type: 'horizontalFlip' }, { type: 'pcaNoise', deviation: 0.1 }],
}

/**
 * As `randomCropPreprocessing`, but for the deviation: values keep the range of bytes, about −128 to 128, for which the papers chose their
 * initial weights.
 */
export const byteRangePreprocessing: Preprocessing = {
  ...randomCropPreprocessing,
  standardDeviation: [1 / 255],
}
