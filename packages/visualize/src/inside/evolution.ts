import type { Dataset } from '@convzoo/core'
import { ConvzooError } from '@convzoo/core'
import { deconvnet, type Projection, topActivations } from './deconvnet.js'
import type { StepWeights } from './history.js'
import { batchOf, type Looking, type Network, requireNetwork } from './network.js'
import { evolutionOptions } from './options.js'

export interface EvolutionOptions extends Looking {
  readonly layer: string
  readonly dataset: Dataset
  /** Maps of the layer, or units. */
  readonly units: readonly number[]
  /** What the network was at several steps: `await run.history()`. */
  readonly history: readonly StepWeights[]
}

/** What a unit likes most at a step. */
export interface EvolutionStage {
  readonly step: number
  /** The place in the dataset of the image in which it is the most active. */
  readonly index: number
  readonly projection: Projection
}

/** How a feature came to be. */
export interface Evolution {
  readonly unit: number
  /** The earliest step first. */
  readonly stages: readonly EvolutionStage[]
}

/**
 * The evolution of features during training (Zeiler & Fergus 2014, figure 4): at each step the image of a dataset in which a unit is the most
 * active, and that activation carried back to pixels. Where another image takes its place, what is seen jumps.
 *
 * @throws ConvzooError of kind `option` for a layer or units that the network does not have, or a history without steps. What the dataset and the
 * history throw.
 * @example
 * const [first] = await evolution(run, { layer: 'conv2d_2', units: [3], dataset, history: await run.history() })
 */
export async function evolution(network: Network, options: EvolutionOptions): Promise<readonly Evolution[]> {
  requireNetwork('evolution', network)
  const { layer, dataset, units, history, onProgress, ...looking } = evolutionOptions.parse('evolution', options)
  if (history.length === 0 || units.length === 0) {
    throw new ConvzooError({
      kind: 'option',
      message: 'There is no evolution to look at.',
      expected: 'units, and weights at one step at least',
      received: `${units.length} units, ${history.length} steps`,
    })
  }
  const stages = units.map((): EvolutionStage[] => [])
  const total = history.length * dataset.length
  for (const [at, weights] of history.entries()) {
    const { step } = weights
    const then: Network = {
      model: network.model,
      engine: network.engine,
      readWeights: () => weights.readWeights(),
    }
    const done = (images: number): void => onProgress?.(at * dataset.length + images, total)
    const best = await topActivations(then, { ...looking, layer, dataset, units, count: 1, onProgress: done })
    const places = units.map((unit) => best.get(unit)?.[0]?.index ?? 0)
    const { images } = await batchOf(dataset, places)
    const projections = await deconvnet(then, { ...looking, layer, images, units })
    for (const [row, projection] of projections.entries())
      stages[row]?.push({ step, index: places[row] ?? 0, projection })
  }
  return units.map((unit, row) => ({ unit, stages: stages[row] ?? [] }))
}
