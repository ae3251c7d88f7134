import {
  categoricalCrossentropy,
  conv2d,
  dense,
  dropout,
  flatten,
  functionalModel,
  type ImageShape,
  type Inputs,
  input,
  type Loss,
  type Model,
  maxNorm,
  maxPool2d,
  maxRms,
  type Optimizer,
  unitNorm,
} from '@convzoo/core'
import { createProgram, type Program, scalarsAt, seedWords } from '@convzoo/core/engine'
import { numbers } from './numbers.js'

/** Every batch has this many samples; of micro-batches, the first has one less. */
export const batchSize = 3
export const partSizes = [batchSize - 1, 1] as const

const classes = 4
const image = [13, 13, 2] as const
const average = { decay: 0.75 }

export interface SmallProgramOptions {
  readonly optimizer: Optimizer
  /** Bounds on kernels, and averages of weights. */
  readonly constrained?: boolean
  /** Categorical cross-entropy by default. */
  readonly loss?: Loss
  /** Whether the first layer is. */
  readonly frozen?: boolean
  /** Makes another network of the same images and classes. */
  readonly network?: (image: ImageShape, classes: number) => Model
}

export interface SmallProgram {
  readonly program: Program
  /** The samples of a step, all or from … to, and what `train` takes with them. */
  readonly batch: (step: number, from?: number, to?: number) => Inputs
  /** What `apply` takes at a step. */
  readonly application: (step: number) => Inputs
}

/** A network with each kind of layer that classic networks have: strides, groups, overlapping pooling, dropout, softmax. */
function smallModel({ constrained = false, frozen = false }: SmallProgramOptions): Model {
  const images = input({ shape: image })
  const bound = (kernelConstraint: ReturnType<typeof maxRms>) => (constrained ? { kernelConstraint } : {})
  let x = conv2d({ filters: 6, kernelSize: 3, strides: 2, trainable: !frozen, ...bound(maxRms(0.1)) })(images)
  x = conv2d({
    filters: 8,
    kernelSize: 3,
    padding: 'same',
    groups: 2,
    activation: 'relu',
    biasInitializer: 'ones',
    ...bound(maxNorm(0.5)),
  })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 8, kernelSize: 2, padding: 'same', activation: 'relu', ...bound(unitNorm) })(x)
  x = flatten()(x)
  x = dense({ units: 16, ...bound(maxNorm(0.75)) })(x)
  x = dropout({ rate: 0.5 })(x)
  return functionalModel({ inputs: images, output: dense({ units: classes, activation: 'softmax' })(x) })
}

export function smallProgram(options: SmallProgramOptions): SmallProgram {
  const { optimizer, loss = categoricalCrossentropy(), constrained = false, network } = options
  const kept = constrained ? average : undefined
  const program = createProgram({
    model: network === undefined ? smallModel(options) : network(image, classes),
    loss,
    optimizer,
    average: kept,
    accumulation: true,
    batchSizes: { train: [batchSize], accumulate: partSizes, predict: [batchSize] },
  })
  // The learning rate changes on the way: momentum of the one and the other kind differ from there.
  const scalars = (step: number): Readonly<Record<string, number>> => {
    const own = scalarsAt(optimizer, step, kept)
    return { ...own, learningRate: own.learningRate * (step < 2 ? 1 : 0.5) }
  }
  const batch = (step: number, from = 0, to: number = batchSize): Inputs => {
    const targets = new Float32Array(batchSize * classes)
    for (let sample = 0; sample < batchSize; sample++) targets[sample * classes + ((sample + step) % classes)] = 1
    const size = image[0] * image[1] * image[2]
    return {
      images: numbers(`images ${step}`, batchSize * size, -1, 1).slice(from * size, to * size),
      targets: targets.slice(from * classes, to * classes),
      sampleIndices: Uint32Array.from({ length: to - from }, (_, index) => step * batchSize + from + index),
      seed: Uint32Array.from(seedWords(7)),
      step,
      ...scalars(step),
    }
  }
  return { program, batch, application: (step) => ({ samples: batchSize, ...scalars(step) }) }
}
