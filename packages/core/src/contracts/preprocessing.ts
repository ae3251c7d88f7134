/**
 * From a picture to a network's input, as plain data that a run keeps: resize, cut out, augment in training, scale to [0, 1], subtract
 * the mean, divide by the deviation.
 */
export interface Preprocessing {
  readonly resize: 'bilinear'
  /**
   * Pixels of the shorter side after resizing, proportions kept; then the input's height and width are cut out, in the centre unless
   * an augmentation chooses another place. Without it the whole picture is resized to the input, whatever its proportions.
   */
  readonly shorterSide?: number
  /** Of values in [0, 1]: one number for all channels, one a channel, or a mean image [H, W, C], row-major. */
  readonly mean: readonly number[]
  /** Per channel, of values in [0, 1]. One number serves all channels. */
  readonly standardDeviation: readonly number[]
  /** Applied in this order, in training only; none by default. */
  readonly augmentation?: readonly Augmentation[]
  /**
   * Whether every picture is decoded whole, but in training: to the pixels of Pillow, to the byte, with which weights of torchvision were
   * trained. False by default: of a large JPEG that is shrunk a fraction is decoded, within half a level of 255 in the mean.
   */
  readonly exactPixels?: boolean
  /** Comes after all else. */
  readonly whitening?: Whitening
}

/**
 * Global contrast normalisation, then ZCA whitening. Of a picture x of D values, less the mean of its own values, what is seen is
 * (x · contrast / ‖x‖ − mean) · matrix, with matrix = (C + epsilon · 1)^(−1/2) for the covariance C of training pictures. Goodfellow et al.
 * 2013, as pylearn2 has it.
 */
export interface Whitening {
  readonly type: 'zca'
  /** What the Euclidean norm of each picture becomes first; 55 in pylearn2. */
  readonly contrast: number
  /** Added to every variance, above 0; 0.1 in pylearn2. */
  readonly epsilon: number
  /** What a run found out of its training pictures; a network's tag leaves it out. */
  readonly fitted?: FittedWhitening
}

export interface FittedWhitening {
  /** [D], row-major of [H, W, C]. */
  readonly mean: Float32Array
  /** [D, D], symmetric. */
  readonly matrix: Float32Array
}

/** From low to high. */
export type Range = readonly [number, number]

/** One way to vary a training image. Each draws from its own stream: the same seed, epoch and sample give the same pixels. */
export type Augmentation =
  /** Cuts the input out at a random place, after `padding` black pixels (0 by default) were added on every side. */
  | { readonly type: 'randomCrop'; readonly padding?: number }
  /** Cuts out a part of random area and proportions and resizes it to the input. Szegedy et al. 2015. */
  | { readonly type: 'randomResizedCrop'; readonly area?: Range; readonly ratio?: Range }
  | { readonly type: 'horizontalFlip'; readonly probability?: number }
  /**
   * Adds to every pixel Σ αᵢ λᵢ pᵢ with αᵢ normal: eigenvalues λ and eigenvectors p (rows) of the covariance of the channels, of values
   * in [0, 1]; ImageNet's by default, of which a grey picture gets the mean over the channels. Krizhevsky et al. 2012, §4.1.
   */
  | {
      readonly type: 'pcaNoise'
      /** Standard deviation of α; 0.1 by default. */
      readonly deviation?: number
      readonly eigenvalues?: readonly number[]
      readonly eigenvectors?: readonly (readonly number[])[]
    }
  /** Scales brightness, contrast and saturation by factors in [1 − x, 1 + x], each 0 by default. */
  | {
      readonly type: 'colorJitter'
      readonly brightness?: number
      readonly contrast?: number
      readonly saturation?: number
    }
  /** Applies `operations` (2) operations of strength `magnitude` (9 of 30), chosen at random. Cubuk et al. 2019. */
  | { readonly type: 'randAugment'; readonly operations?: number; readonly magnitude?: number }
  /** Replaces a rectangle by the mean. Zhong et al. 2017. */
  | { readonly type: 'randomErasing'; readonly probability?: number; readonly area?: Range; readonly ratio?: Range }
  /** Mixes each image and its target with another of the batch, by a share from Beta(alpha, alpha). Zhang et al. 2017. */
  | { readonly type: 'mixup'; readonly alpha?: number }
  /** Replaces a rectangle by that of another image of the batch; targets are mixed by area. Yun et al. 2019. */
  | { readonly type: 'cutmix'; readonly alpha?: number }
