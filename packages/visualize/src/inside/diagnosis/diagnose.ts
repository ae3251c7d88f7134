import type { Dataset } from '@convzoo/core'
import { convolutionsOf } from '../convolutions.js'
import { filters } from '../filters.js'
import { batchOf, imageShapeOf, type Looking, type Network, type ParsedLooking, requireNetwork } from '../network.js'
import { diagnoseOptions } from '../options.js'
import { type Aliasing, aliasing, pixelConvolutions, stridesOf } from './aliasing.js'
import { type DuplicateFilters, duplicateFilters } from './duplicates.js'
import type { EarlierWeights } from './earlier-weights.js'
import { type Finding, findingsOf, type LayerDiagnosis, limits } from './findings.js'
import { gradientNorms, hasLoss } from './gradient-ratios.js'
import { stagesOf } from './stages.js'
import { unitStatistics } from './units.js'

export interface DiagnoseOptions extends Looking {
  /** Images that the network should know, with their classes. */
  readonly dataset: Dataset
  /** So many of them are looked at, evenly spread over the dataset; 500 by default. */
  readonly samples?: number | undefined
  /** What it was so many steps before, from which it is seen how far each layer goes. */
  readonly earlier?: EarlierWeights | undefined
}

/** What was measured inside of a network, and what of it may be wrong. */
export interface Diagnosis {
  /** Images that were looked at. */
  readonly samples: number
  /** None for a network with which nothing was found. */
  readonly findings: readonly Finding[]
  readonly layers: readonly LayerDiagnosis[]
  /** Of each convolution that sees pixels. */
  readonly aliasing: readonly Aliasing[]
}

/** Images whose frequencies are looked at. */
const aliasedImages = 16

/** Images of which gradients are taken. */
const gradientImages = 128

/**
 * Looks for what may be wrong inside of a network: units that never fire or are saturated, filters that are there twice, a first layer whose strides are too
 * large for what it sees, layers that no gradient reaches or that stand still. Each finding has its number and what to try.
 *
 * @throws ConvzooError of kind `option` for options that do not fit, of kind `shape` for a network of something else than images. What the dataset throws.
 * @example
 * const { findings } = await diagnose(run, { dataset })
 * for (const { says, advice } of findings) console.log(says, advice)
 */
export async function diagnose(network: Network, options: DiagnoseOptions): Promise<Diagnosis> {
  const model = requireNetwork('diagnose', network)
  const { dataset, samples: most, earlier, ...looking } = diagnoseOptions.parse('diagnose', options)
  const shape = imageShapeOf(model)
  const places = spread(dataset.length, most)
  const statistics = await unitStatistics(network, stagesOf(model), { ...looking, dataset, places })
  const known = new Map(statistics.map((each) => [each.layer, each]))
  const layers = await ofWeights(network, { ...looking, onProgress: undefined, dataset, places, earlier })
  const { images } = await batchOf(
    dataset,
    spread(places.length, aliasedImages).map((at) => places[at] ?? 0),
  )
  const aliased: Aliasing[] = []
  for (const { name } of pixelConvolutions(model)) {
    const strides = stridesOf(model, name)
    aliased.push(aliasing(await filters(network, { layer: name }), strides, { images, shape }))
  }
  const all = layers.map((each) => ({ ...each, statistics: known.get(each.layer) }))
  return { samples: places.length, findings: findingsOf(all, aliased), layers: all, aliasing: aliased }
}

/** So many places of a length at most, evenly spread. */
function spread(length: number, most: number): readonly number[] {
  const count = Math.min(length, most)
  return Array.from({ length: count }, (_, at) => Math.floor((at * length) / count))
}

interface WeightsLook extends ParsedLooking {
  readonly dataset: Dataset
  readonly places: readonly number[]
  readonly earlier: EarlierWeights | undefined
}

/** What the weights themselves say, their gradients and how far they went, layer by layer. */
async function ofWeights(
  network: Network,
  { dataset, places, earlier, ...looking }: WeightsLook,
): Promise<readonly Omit<LayerDiagnosis, 'statistics'>[]> {
  const { model } = network
  const convolutions = new Map(convolutionsOf(model).map((layer) => [`${layer.name}/kernel`, layer]))
  /** The matrix or the filters of a layer stand for it: biases and scales are small beside them. */
  const kernels = model.layers.flatMap(({ name, weights }) => {
    const [kernel] = Object.entries(weights).filter(([, weight]) => weight.shape.length >= 2)
    return kernel === undefined ? [] : [{ layer: name, weight: `${name}/${kernel[0]}` }]
  })
  const norms = new Map<string, number>()
  const twice = new Map<string, readonly DuplicateFilters[]>()
  const now = new Map<string, Float32Array>()
  const wanted = new Set(kernels.map(({ weight }) => weight))
  for await (const tensor of network.readWeights()) {
    const { name, data } = tensor
    if (!wanted.has(name)) continue
    norms.set(name, lengthOf(data))
    const convolution = convolutions.get(name)
    if (convolution !== undefined) twice.set(name, duplicateFilters(convolution, tensor, limits.similarity))
    if (earlier !== undefined) now.set(name, data.slice())
  }
  const trainable = new Set(model.weights.filter((weight) => weight.trainable).map(({ name }) => name))
  const moving = kernels.map(({ weight }) => weight).filter((name) => trainable.has(name))
  const some = spread(places.length, gradientImages).map((at) => places[at] ?? 0)
  const gradients =
    hasLoss(model, dataset) && moving.length > 0
      ? await gradientNorms(network, moving, { ...looking, dataset, places: some })
      : new Map<string, number>()
  const ways = new Map<string, number>()
  if (earlier !== undefined) {
    for await (const { name, data } of earlier.readWeights()) {
      const own = now.get(name)
      if (own === undefined || !trainable.has(name)) continue
      ways.set(name, lengthOf(own.map((value, at) => value - (data[at] ?? 0))) / Math.max(1, earlier.steps))
    }
  }
  return kernels.map(({ layer, weight }) => {
    const beside = (length: number | undefined): number | undefined => {
      const norm = norms.get(weight) ?? 0
      return length === undefined || norm === 0 ? undefined : length / norm
    }
    return {
      layer,
      duplicates: twice.get(weight) ?? [],
      gradientRatio: beside(gradients.get(weight)),
      updateRatio: beside(ways.get(weight)),
    }
  })
}

function lengthOf(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum)
}
