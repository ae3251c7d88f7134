import type { Dataset, Model } from '@convzoo/core'
import { type GraphBuilder, gradients } from '@convzoo/core/engine'
import type { TracedNetwork } from '../graph/traced-network.js'
import { batchOf, compute, type Network, numbersOf, type ParsedLooking } from '../network.js'

/** Of each weight of this name, the Euclidean norm of the gradient of the loss: the root of its mean square over batches. */
export type GradientNorms = ReadonlyMap<string, number>

/** Whether a network ends in probabilities of the classes of a dataset, whose crossentropy has a gradient. */
export const hasLoss = ({ classes, endsIn }: Model, dataset: Dataset): boolean =>
  endsIn === 'classes' && classes > 1 && dataset.classes.length === classes

/** Norms of gradients of the crossentropy. Statistics of normalisations stand, dropout passes, weights are not decayed. */
export async function gradientNorms(
  network: Network,
  weights: readonly string[],
  { dataset, places, ...looking }: ParsedLooking & { readonly dataset: Dataset; readonly places: readonly number[] },
): Promise<GradientNorms> {
  const squares = new Map<string, number>()
  let batches = 0
  await compute(network, {
    ...looking,
    count: places.length,
    ask: (traced) => {
      const sources = weightValues(traced.builder, weights)
      const found = gradients(traced.builder, traced.ops, crossentropy(traced), [...sources.values()])
      const { ops } = traced
      return Object.fromEntries(
        [...sources.keys()].map((name, place) => {
          const gradient = found[place]
          return [name, gradient === undefined ? ops.constant(0) : ops.sum(ops.square(gradient))]
        }),
      )
    },
    inputs: async (from, size) => {
      const { images, targets } = await batchOf(dataset, places.slice(from, from + size))
      return { images, targets }
    },
    take: (outputs) => {
      batches++
      for (const name of weights)
        squares.set(name, (squares.get(name) ?? 0) + (numbersOf(outputs, name)[0] ?? Number.NaN))
    },
  })
  return new Map([...squares].map(([name, sum]) => [name, Math.sqrt(sum / Math.max(1, batches))]))
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
