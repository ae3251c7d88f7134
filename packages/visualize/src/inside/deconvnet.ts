import type { Dataset, Shape } from '@convzoo/core'
import { ConvzooError } from '@convzoo/core'
import { fieldsOf, isFloat32Array, isOptionsObject, matching, sizeOf, type Value } from '@convzoo/core/define'
import { outputShapeOf } from './activations.js'
import { imagesAt, oneHot } from './explained-classes.js'
import { backward } from './graph/backward.js'
import { deconvnetRules } from './graph/rules.js'
import type { TracedNetwork } from './graph/traced-network.js'
import { batchOf, countOf, imageShapeOf, type Looking, type Network, requireNetwork } from './network.js'
import { deconvnetOptions, topOptions } from './options.js'
import { compute, numbersOf } from './passes.js'
import { type Box, receptiveFields } from './receptive-field.js'

export interface DeconvnetOptions extends Looking {
  readonly layer: string
  /** [N, H, W, C], preprocessed. */
  readonly images: Float32Array
  /** Of each image the map, or the unit of a dense layer, that is projected; by default the one that is the most active. */
  readonly units?: readonly number[] | undefined
}

/** One activation of a layer, and what of the image it stands for. */
export interface Projection {
  /** The map of the layer, or the unit. */
  readonly unit: number
  /** Where in the map it is the most active. */
  readonly place: readonly [y: number, x: number]
  readonly activation: number
  /** What the unit sees of the image. */
  readonly field: Box
  /** The activation carried back to the image, [H, W, C]. */
  readonly values: Float32Array
}

export const projectionsKind = matching(
  'what deconvnet gives',
  (given): given is readonly Projection[] =>
    Array.isArray(given) &&
    given.every((each) => {
      const { values, field } = isOptionsObject(each) ? fieldsOf(each) : {}
      return isFloat32Array(values) && isOptionsObject(field)
    }),
)

/**
 * A deconvnet (Zeiler & Fergus 2014, §2.1): of each image the strongest activation of a map is carried back to pixels, through transposed filters,
 * rectifiers and the places of maxima; all other activations are left out. It shows what of the image the activation stands for. Local response
 * normalisation is passed as if it were not there; dropout is not there; a dense layer is passed by its transposed weights, so that a class may be projected, too: by the
 * layer before its softmax.
 *
 * @throws ConvzooError of kind `option` for a layer or units that the network does not have, of kind `shape` for no whole images.
 * @example
 * const [projection] = await deconvnet(run, { layer: 'conv2d_5', images, units: [17] })
 */
export async function deconvnet(network: Network, options: DeconvnetOptions): Promise<readonly Projection[]> {
  const model = requireNetwork('deconvnet', network)
  const { layer, images, units, ...looking } = deconvnetOptions.parse('deconvnet', options)
  const count = countOf(model, images)
  const shape = outputShapeOf(model, layer)
  const channels = shape.at(-1) ?? 1
  if (units !== undefined) requireUnits(units, { layer, count, channels })
  const size = sizeOf(shape)
  // The first place has the highest rank: of equally strong ones it is taken.
  const ranks = Float32Array.from({ length: size }, (_, at) => size - at)
  const fields = receptiveFields(model, layer)
  const pixels = sizeOf(imageShapeOf(model))
  const projections: Projection[] = []
  await compute(network, {
    ...looking,
    count,
    ask: (traced) => {
      const { builder, ops, images: to } = traced
      const from = traced.layer(layer)
      const { activation, rank, signal } = strongest(traced, from, units !== undefined)
      return { activation, rank, values: backward({ builder, ops }, { from, signal, to, rules: deconvnetRules }) }
    },
    inputs: (start, length) => ({
      images: imagesAt(model, images, start, length),
      ranks,
      ...(units === undefined ? {} : { units: oneHot(units.slice(start, start + length), channels) }),
    }),
    take: (outputs, _, length) => {
      const [activation, rank] = [numbersOf(outputs, 'activation'), numbersOf(outputs, 'rank')]
      const all = numbersOf(outputs, 'values')
      for (let row = 0; row < length; row++) {
        const at = Math.min(size - (rank[row] ?? 0), size - 1)
        const place = placeOf(shape, at)
        const values = all.slice(row * pixels, (row + 1) * pixels)
        projections.push({
          unit: at % channels,
          place,
          activation: activation[row] ?? 0,
          field: fields(...place),
          values,
        })
      }
    },
  })
  return projections
}

/**
 * The strongest activation of each image, or of the unit that `units` [N, channels] picks for it, and all of them but for that one as zeros. `ranks`, of
 * the shape of an image's activations, tell which of equally strong ones is meant: the one of the highest rank.
 */
function strongest({ builder, ops }: TracedNetwork, from: Value, isChosen: boolean) {
  const [samples = 1, ...shape] = from.shape
  const whole = { axes: shape.map((_, axis) => axis + 1), keepDimensions: true }
  const channels = shape.at(-1) ?? 1
  const ranks = builder.input('ranks', { shape, dtype: 'float32' })
  const chosen = (): Value => {
    const units = builder.input('units', { shape: [samples, channels], dtype: 'float32' })
    const picked = ops.reshape(units, [samples, ...shape.slice(1).map(() => 1), channels])
    return ops.select(ops.greater(picked, 0), from, lowest)
  }
  const own = isChosen ? chosen() : from
  const activation = ops.max(own, whole)
  const candidates = ops.select(ops.equal(own, activation), ranks, 0)
  const rank = ops.max(candidates, whole)
  return { activation, rank, signal: ops.select(ops.equal(candidates, rank), from, 0) }
}

/** Below every activation, and finite. */
const lowest = -3e38

/** The place in a map; of a dense layer there is one. */
function placeOf(shape: Shape, at: number): readonly [number, number] {
  const [, width = 1, channels] = shape.length === 3 ? shape : [1, 1, shape[0]]
  const place = Math.floor(at / (channels ?? 1))
  return [Math.floor(place / width), place % width]
}

function requireUnits(
  units: readonly number[],
  { layer, count, channels }: { readonly layer: string; readonly count: number; readonly channels: number },
): void {
  const fits = units.length === count && units.every((unit) => Number.isInteger(unit) && unit >= 0 && unit < channels)
  if (fits) return
  throw new ConvzooError({
    kind: 'option',
    message: `The units do not fit the images and the layer ${layer}.`,
    expected: `${count} whole numbers from 0 to ${channels - 1}, one an image`,
    received: `${units.length}: ${units.slice(0, 5).join(', ')}`,
  })
}

export interface TopActivationsOptions extends Looking {
  readonly layer: string
  readonly dataset: Dataset
  /** Maps of the layer, or units; all by default. */
  readonly units?: readonly number[] | undefined
  /** How many images of each; 9 by default, as in the paper. */
  readonly count?: number | undefined
}

/** An image in which a unit is strongly active. */
export interface TopActivation {
  /** Its place in the dataset. */
  readonly index: number
  /** The largest activation of the unit in it. */
  readonly activation: number
}

/**
 * Goes through a dataset once and finds for each unit of a layer the images in which it is the most active. Only those are remembered.
 *
 * @returns For each unit, the strongest first.
 * @throws ConvzooError of kind `option` for a layer or units that the network does not have. What the dataset throws.
 * @example
 * const found = await topActivations(run, { layer: 'conv2d_5', dataset, units: [17] })
 * const images = await dataset.batch(found.get(17).map(({ index }) => index))
 */
export async function topActivations(
  network: Network,
  options: TopActivationsOptions,
): Promise<ReadonlyMap<number, readonly TopActivation[]>> {
  const model = requireNetwork('topActivations', network)
  const { layer, dataset, units, count, ...looking } = topOptions.parse('topActivations', options)
  const shape = outputShapeOf(model, layer)
  const channels = shape.at(-1) ?? 1
  if (units !== undefined) requireUnits(units, { layer, count: units.length, channels })
  const watched = units ?? Array.from({ length: channels }, (_, unit) => unit)
  const best = new Map(watched.map((unit): [number, TopActivation[]] => [unit, []]))
  const skipped = new Map<number, ReadonlySet<number>>()
  await compute(network, {
    ...looking,
    count: dataset.length,
    ask: ({ ops, layer: outputOf }) => {
      const value = outputOf(layer)
      return { largest: shape.length === 3 ? ops.max(value, { axes: [1, 2] }) : value }
    },
    inputs: async (from, size) => {
      const batch = await batchOf(
        dataset,
        Array.from({ length: size }, (_, row) => from + row),
      )
      skipped.set(from, batch.skipped)
      return { images: batch.images }
    },
    take: (outputs, from, size) => {
      const largest = numbersOf(outputs, 'largest')
      for (const [unit, list] of best) {
        for (let row = 0; row < size; row++) {
          if (skipped.get(from)?.has(row) === true) continue
          const activation = largest[row * channels + unit] ?? 0
          if (list.length === count && activation <= (list.at(-1)?.activation ?? 0)) continue
          list.push({ index: from + row, activation })
          list.sort((a, b) => b.activation - a.activation || a.index - b.index)
          if (list.length > count) list.pop()
        }
      }
      skipped.delete(from)
    },
  })
  return best
}
