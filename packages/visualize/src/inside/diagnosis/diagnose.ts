import type { Dataset } from '@convzoo/core'
import { convolutionsOf } from '../convolutions.js'
import { filters } from '../filters.js'
import type { StepWeights } from '../history.js'
import { batchOf, imageShapeOf, type Looking, type Network, type ParsedLooking, requireNetwork } from '../network.js'
import { diagnoseOptions } from '../options.js'
import { type Aliasing, aliasing, pixelConvolutions, stridesOf } from './aliasing.js'
import { type DuplicateFilters, duplicateFilters } from './duplicates.js'
import { type Finding, findingsOf, type LayerDiagnosis, limits } from './findings.js'
import { gradientNorms, placesOfClasses } from './gradient-ratios.js'
import { stagesOf } from './stages.js'
import { unitStatistics } from './units.js'

export interface DiagnoseOptions extends Looking {
  /** Images that the network should know, with their classes. */
  readonly dataset: Dataset
  /** So many of them are looked at, evenly spread over the dataset; 500 by default. */
  readonly samples?: number | undefined
  /** Names of the network's classes in its order, where the dataset has them in another, or not all of them. */
  readonly classes?: readonly string[] | undefined
  /** What it was at several steps: from the first and the last of them it is seen how far each layer goes. */
  readonly history?: readonly StepWeights[] | undefined
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
  const { dataset, samples: most, history, classes, ...looking } = diagnoseOptions.parse('diagnose', options)
  const shape = imageShapeOf(model)
  const places = spread(dataset.length, most)
  const statistics = await unitStatistics(network, stagesOf(model), { ...looking, dataset, places })
  const known = new Map(statistics.map((each) => [each.layer, each]))
  const { loss, layers } = await ofWeights(network, {
    ...looking,
    onProgress: undefined,
    dataset,
    places,
    history,
    classes,
  })
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
  return { samples: places.length, findings: findingsOf(all, aliased, loss), layers: all, aliasing: aliased }
}

/** So many places of a length at most, evenly spread. */
function spread(length: number, most: number): readonly number[] {
  const count = Math.min(length, most)
  return Array.from({ length: count }, (_, at) => Math.floor((at * length) / count))
}

interface WeightsLook extends ParsedLooking {
  readonly dataset: Dataset
  readonly places: readonly number[]
  readonly history: readonly StepWeights[] | undefined
  readonly classes: readonly string[] | undefined
}

interface OfWeights {
  readonly loss: number | undefined
  readonly layers: readonly Omit<LayerDiagnosis, 'statistics'>[]
}

/** What the weights themselves say, their gradients and how far they went, layer by layer. */
async function ofWeights(
  network: Network,
  { dataset, places, history, classes: names, ...looking }: WeightsLook,
): Promise<OfWeights> {
  const { model } = network
  const convolutions = new Map(convolutionsOf(model).map((layer) => [`${layer.name}/kernel`, layer]))
  /** The matrix or the filters of a layer stand for it: biases and scales are small beside them. */
  const kernels = model.layers.flatMap(({ name, weights }) => {
    const [kernel] = Object.entries(weights).filter(([, weight]) => weight.shape.length >= 2)
    if (kernel === undefined) return []
    const [key, { shape }] = kernel
    return [{ layer: name, weight: `${name}/${key}`, filters: shape.at(-1) ?? 1 }]
  })
  const norms = new Map<string, number>()
  const twice = new Map<string, readonly DuplicateFilters[]>()
  const wanted = new Set(kernels.map(({ weight }) => weight))
  for await (const tensor of network.readWeights()) {
    const { name, data } = tensor
    if (!wanted.has(name)) continue
    norms.set(name, lengthOf(data))
    const convolution = convolutions.get(name)
    if (convolution !== undefined) twice.set(name, duplicateFilters(convolution, tensor, limits.similarity))
  }
  const trainable = new Set(model.weights.filter((weight) => weight.trainable).map(({ name }) => name))
  const moving = kernels.map(({ weight }) => weight).filter((name) => trainable.has(name))
  const some = spread(places.length, gradientImages).map((at) => places[at] ?? 0)
  const classes = placesOfClasses(model, dataset, names)
  const gradients =
    classes === undefined || moving.length === 0
      ? undefined
      : await gradientNorms(network, moving, { ...looking, dataset, places: some, classes })
  const ways = history === undefined ? new Map<string, number>() : await stepLengths(history, new Set(moving))
  const layers = kernels.map(({ layer, weight, filters }) => {
    const beside = (length: number | undefined): number | undefined => {
      const norm = norms.get(weight) ?? 0
      return length === undefined || norm === 0 ? undefined : length / norm
    }
    return {
      layer,
      filters,
      duplicates: twice.get(weight) ?? [],
      gradientRatio: beside(gradients?.norms.get(weight)),
      updateRatio: beside(ways.get(weight)),
    }
  })
  return { loss: gradients?.loss, layers }
}

/** How far each weight went in a step, from the first to the last of a history; none where that is one state. */
async function stepLengths(
  history: readonly StepWeights[],
  weights: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const [first, last] = [history.at(0), history.at(-1)]
  const lengths = new Map<string, number>()
  if (first === undefined || last === undefined || !(last.step > first.step)) return lengths
  const before = new Map<string, Float32Array>()
  for await (const { name, data } of first.readWeights()) if (weights.has(name)) before.set(name, data.slice())
  for await (const { name, data } of last.readWeights()) {
    const start = before.get(name)
    if (start === undefined) continue
    lengths.set(name, lengthOf(data.map((value, at) => value - (start[at] ?? 0))) / (last.step - first.step))
    before.delete(name)
  }
  return lengths
}

function lengthOf(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum)
}
