import {
  categoricalCrossentropy,
  createNameScope,
  dense,
  flatten,
  functionalModel,
  type Inputs,
  input,
  type LayerFunction,
  type Model,
  type Shape,
  sgd,
} from '@convzoo/core'
import { defineLayer, defineOptions, integer, isShape, matching, sizeOf } from '@convzoo/core/define'
import { createProgram, type Program, scalarsAt, seedWords } from '@convzoo/core/engine'
import { numbers } from './numbers.js'

/** A part of a row, in a shape of its own. */
const part = defineLayer({
  type: 'part',
  keras: 'Part',
  options: defineOptions({ from: integer(0), shape: matching('a shape', isShape) }),
  outputShape: (_, { shape }) => shape,
  call: ({ ops }, [x], _, { from, shape }) => {
    const samples = x.shape[0] ?? 0
    return ops.reshape(ops.slice(x, [0, from], [samples, sizeOf(shape)]), [samples, ...shape])
  },
})

const classes = 3
const optimizer = sgd({ learningRate: 0.05, momentum: 0.9 })

/** A network of which the layer is the middle: each sample is a row that holds all of its inputs. */
export function layerModel(layer: LayerFunction, shapes: readonly Shape[]): Model {
  const length = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)
  const row = input({ shape: [length], scope: createNameScope() })
  let from = 0
  const parts = shapes.map((shape) => {
    const piece = part({ from, shape })(row)
    from += sizeOf(shape)
    return piece
  })
  const [first = row] = parts
  const y = flatten()(layer(parts.length === 1 ? first : parts))
  return functionalModel({ inputs: row, output: dense({ units: classes, activation: 'softmax' })(y) })
}

export interface LayerProgram {
  readonly program: Program
  readonly batch: (step: number) => Inputs
}

/** Every batch has this many samples. */
export const samples = 3

/** What trains that network, and asks for its predictions. */
export function layerProgram(model: Model, [from, to]: readonly [number, number]): LayerProgram {
  const program = createProgram({
    model,
    loss: categoricalCrossentropy(),
    optimizer,
    batchSizes: { train: [samples], predict: [samples] },
  })
  const batch = (step: number): Inputs => {
    const targets = new Float32Array(samples * classes)
    for (let sample = 0; sample < samples; sample++) targets[sample * classes + ((sample + step) % classes)] = 1
    return {
      images: numbers(`images ${step}`, samples * sizeOf(model.inputs[0]?.shape ?? []), from, to),
      targets,
      sampleIndices: Uint32Array.from({ length: samples }, (_, index) => step * samples + index),
      seed: Uint32Array.from(seedWords(7)),
      step,
      ...scalarsAt(optimizer, step),
    }
  }
  return { program, batch }
}
