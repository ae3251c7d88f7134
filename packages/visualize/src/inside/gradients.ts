import { sizeOf, type Value } from '@convzoo/core/define'
import { type Explained, type Explaining, explain, type ParsedExplaining } from './explained-classes.js'
import { backward } from './graph/backward.js'
import { type BackwardRules, gradientRules, guidedRules } from './graph/rules.js'
import type { TracedNetwork } from './graph/traced-network.js'
import { imageShapeOf, type Network, requireNetwork } from './network.js'
import { gradientOptions } from './options.js'
import { numbersOf } from './passes.js'

/** Of each image how much each of its numbers counts, as what the network ends in says. */
export interface Attribution {
  /** [N, H, W, C]. */
  readonly values: Float32Array
  /** Of each image the place of the class that it is about. */
  readonly classes: readonly number[]
}

export interface GradientOptions extends Explaining {
  /** `score` by default: a probability that is nearly 1 has no gradient. */
  readonly of?: Explained | undefined
}

/** {@link GradientOptions}, once they were read. */
export interface ParsedGradientOptions extends ParsedExplaining {
  readonly of: Explained
}

/** What flows back to the images from the classes that `classes` [N, classes] picks. */
export function classSignal(
  { builder, ops, images, output, scores }: TracedNetwork,
  { of, rules }: { readonly of: Explained; readonly rules: BackwardRules },
  to: Value = images,
): Value {
  const from = of === 'score' ? scores : output
  const signal = builder.input('classes', { shape: from.shape, dtype: 'float32' })
  return backward({ builder, ops }, { from, signal, to, rules })
}

async function carriedBack(
  network: Network,
  { of, ...explaining }: ParsedGradientOptions,
  rules: BackwardRules,
): Promise<Attribution> {
  const pixels = sizeOf(imageShapeOf(network.model))
  const values = new Float32Array(explaining.images.length)
  const classes = await explain(network, explaining, {
    ask: (traced) => ({ signal: classSignal(traced, { of, rules }) }),
    take: (outputs, from) => values.set(numbersOf(outputs, 'signal'), from * pixels),
  })
  return { values, classes }
}

/**
 * The gradient of a class's score with respect to each number of an image (Simonyan et al. 2014, §3): where the image would have to change
 * least for the score to change most.
 *
 * @throws ConvzooError of kind `option` for classes that do not fit, of kind `shape` for a network without classes or no whole images.
 * @example
 * const { values, classes } = await inputGradients(run, { images })
 */
export async function inputGradients(network: Network, options: GradientOptions): Promise<Attribution> {
  requireNetwork('inputGradients', network)
  return carriedBack(network, gradientOptions.parse('inputGradients', options), gradientRules)
}

/**
 * Guided backpropagation (Springenberg et al. 2015): the gradient of a class's score, of which each rectifier passes only what is positive.
 *
 * @throws ConvzooError as {@link inputGradients} does.
 * @example
 * const { values } = await guidedGradients(run, { images, classes: [3] })
 */
export async function guidedGradients(network: Network, options: GradientOptions): Promise<Attribution> {
  requireNetwork('guidedGradients', network)
  return carriedBack(network, gradientOptions.parse('guidedGradients', options), guidedRules)
}
