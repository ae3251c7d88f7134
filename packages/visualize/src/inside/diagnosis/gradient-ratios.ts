import type { Dataset, Model } from '@convzoo/core'
import { type GraphBuilder, gradients } from '@convzoo/core/engine'
import type { TracedNetwork } from '../graph/traced-network.js'
import { batchOf, type Network, type ParsedLooking } from '../network.js'
import { compute, numbersOf } from '../passes.js'

/** What the loss says to weights. */
export interface GradientNorms {
  /** The mean crossentropy. */
  readonly loss: number
  /** Of each weight by its name, the Euclidean norm of the gradient of the loss: the root of its mean square over batches. */
  readonly norms: ReadonlyMap<string, number>
}

/**
 * Where each class of a dataset is among those of a network, whose crossentropy has a gradient then; undefined where they are others, or the
 * network does not end in classes.
 */
export function placesOfClasses(
  { classes, endsIn }: Model,
  dataset: Dataset,
  names: readonly string[] = dataset.classes,
): readonly number[] | undefined {
  const places = dataset.classes.map((name) => names.indexOf(name))
  return endsIn === 'classes' && names.length === classes && !places.includes(-1) ? places : undefined
}

interface GradientLook extends ParsedLooking {
  readonly dataset: Dataset
  readonly places: readonly number[]
  /** Where the dataset's classes are among the network's. */
  readonly classes: readonly number[]
}

/** Norms of gradients of the crossentropy. Statistics of normalisations stand, dropout passes, weights are not decayed. */
export async function gradientNorms(
  network: Network,
  weights: readonly string[],
  { dataset, places, classes, ...looking }: GradientLook,
): Promise<GradientNorms> {
  const squares = new Map<string, number>()
  let batches = 0
  let losses = 0
  await compute(network, {
    ...looking,
    count: places.length,
    ask: (traced) => {
      const sources = weightValues(traced.builder, weights)
      const { ops } = traced
      const loss = crossentropy(traced)
      const found = gradients(traced.builder, ops, loss, [...sources.values()])
      const squared = Object.fromEntries(
        [...sources.keys()].map((name, place) => {
          const gradient = found[place]
          return [name, gradient === undefined ? ops.constant(0) : ops.sum(ops.square(gradient))]
        }),
      )
      return { ...squared, loss }
    },
    inputs: async (from, size) => {
      const { images, targets: own } = await batchOf(dataset, places.slice(from, from + size))
      const targets = new Float32Array(size * network.model.classes)
      for (const [at, part] of own.entries()) {
        const [row, column] = [Math.floor(at / classes.length), at % classes.length]
        targets[row * network.model.classes + (classes[column] ?? 0)] = part
      }
      return { images, targets }
    },
    take: (outputs) => {
      batches++
      losses += numbersOf(outputs, 'loss')[0] ?? Number.NaN
      for (const name of weights)
        squares.set(name, (squares.get(name) ?? 0) + (numbersOf(outputs, name)[0] ?? Number.NaN))
    },
  })
  const count = Math.max(1, batches)
  return {
    loss: losses / count,
    norms: new Map([...squares].map(([name, sum]) => [name, Math.sqrt(sum / count)])),
  }
}

/** The mean over a batch. */
function crossentropy({ builder, ops, output, scores }: TracedNetwork) {
  const targets = builder.input('targets', { shape: output.shape, dtype: 'float32' })
  const [samples = 1] = output.shape
  const logarithms = scores === output ? ops.log(ops.maximum(output, 1e-7)) : ops.logSoftmax(scores)
  return ops.divide(ops.negate(ops.sum(ops.multiply(targets, logarithms))), samples)
}

/** Weights as the forward pass reads them, by name. */
function weightValues(builder: GraphBuilder, names: readonly string[]) {
  const wanted = new Set(names)
  const found = new Map<string, ReturnType<GraphBuilder['valueOf']>>()
  for (let id = 0; id < builder.size; id++) {
    const value = builder.valueOf(id)
    const node = builder.node(value)
    if (node.primitive === 'state' && wanted.has(node.attributes.name)) found.set(node.attributes.name, value)
  }
  return found
}
