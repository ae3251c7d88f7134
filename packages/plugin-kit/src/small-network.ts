import {
  categoricalCrossentropy,
  conv2d,
  createProgram,
  dense,
  dropout,
  flatten,
  functionalModel,
  type Inputs,
  input,
  maxPool2d,
  type Program,
  seedWords,
  sgdw,
} from '@convzoo/core'
import { numbers } from './numbers.js'

/** How the small network is trained. */
export type TrainingVariant = 'plain' | 'clipped' | 'nesterov' | 'without momentum'

export interface SmallProgram {
  readonly program: Program
  readonly batchSize: number
  readonly batch: (step: number) => Inputs
}

const batchSize = 3
const classes = 4
const image = [13, 13, 2] as const

/** A network with each kind of layer that classic networks have: strides, groups, overlapping pooling, dropout, softmax. */
export function smallProgram(variant: TrainingVariant): SmallProgram {
  const images = input({ shape: image })
  let x = conv2d({ filters: 6, kernelSize: 3, strides: 2 })(images)
  x = conv2d({ filters: 8, kernelSize: 3, padding: 'same', groups: 2, activation: 'relu', biasInitializer: 'ones' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 8, kernelSize: 2, padding: 'same', activation: 'relu' })(x)
  x = flatten()(x)
  x = dense({ units: 16 })(x)
  x = dropout({ rate: 0.5 })(x)
  const model = functionalModel({ inputs: images, output: dense({ units: classes, activation: 'softmax' })(x) })
  const program = createProgram({
    model,
    loss: categoricalCrossentropy(),
    optimizer: sgdw({
      weightDecay: 5e-4,
      momentum: variant === 'without momentum' ? 0 : 0.9,
      nesterov: variant === 'nesterov',
      clipping: variant === 'clipped' ? { value: 0.5, norm: 0.4, globalNorm: 0.3 } : {},
    }),
    batchSizes: { train: [batchSize] },
  })
  const batch = (step: number): Inputs => {
    const targets = new Float32Array(batchSize * classes)
    for (let sample = 0; sample < batchSize; sample++) targets[sample * classes + ((sample + step) % classes)] = 1
    return {
      images: numbers(`images ${step}`, batchSize * image[0] * image[1] * image[2], -1, 1),
      targets,
      sampleIndices: Uint32Array.from({ length: batchSize }, (_, index) => step * batchSize + index),
      seed: Uint32Array.from(seedWords(7)),
      step,
      learningRate: 0.05,
      weightDecay: 5e-4,
    }
  }
  return { program, batchSize, batch }
}
