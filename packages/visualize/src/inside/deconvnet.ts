import type { Dataset, Shape } from '@convzoo/core'
import { ConvzooError } from '@convzoo/core'
import { fieldsOf, isFloat32Array, isOptionsObject, matching, sizeOf } from '@convzoo/core/define'
import { activationsOf, outputShapeOf } from './activations.js'
import { imagesAt, largestAt } from './explained-classes.js'
import { backward } from './graph/backward.js'
import { deconvnetRules } from './graph/rules.js'
import {
  batchOf,
  compute,
  countOf,
  imageShapeOf,
  type Looking,
  type Network,
  numbersOf,
  requireNetwork,
} from './network.js'
import { deconvnetOptions, topOptions } from './options.js'
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
  const { values: given } = await activationsOf(network, { ...looking, layer, images, onProgress: undefined })
  const size = sizeOf(shape)
  const chosen = Array.from({ length: count }, (_, sample) => {
    const own = given.subarray(sample * size, (sample + 1) * size)
    const at = strongestAt(own, channels, units?.[sample])
    return { unit: at % channels, at, activation: own[at] ?? 0 }
  })
  const fields = receptiveFields(model, layer)
  const pixels = sizeOf(imageShapeOf(model))
  const projections: Projection[] = []
  await compute(network, {
    ...looking,
    count,
    ask: ({ builder, ops, images: to, layer: outputOf }) => {
      const from = outputOf(layer)
      const mask = builder.input('mask', { shape: from.shape, dtype: 'float32' })
      const values = backward({ builder, ops }, { from, signal: ops.multiply(from, mask), to, rules: deconvnetRules })
      return { values }
    },
    inputs: (start, length) => {
      const mask = new Float32Array(length * size)
      for (let row = 0; row < length; row++) mask[row * size + (chosen[start + row]?.at ?? 0)] = 1
      return { images: imagesAt(model, images, start, length), mask }
    },
    take: (outputs, start, length) => {
      const all = numbersOf(outputs, 'values')
      for (const [row, { unit, at, activation }] of chosen.slice(start, start + length).entries()) {
        const place = placeOf(shape, at)
        const values = all.slice(row * pixels, (row + 1) * pixels)
        projections.push({ unit, place, activation, field: fields(...place), values })
      }
    },
  })
  return projections
}

/** Where the strongest activation of a unit is, or of all units. */
function strongestAt(values: Float32Array, channels: number, unit: number | undefined): number {
  if (unit === undefined) return largestAt(values)
  const own = Float32Array.from(
    { length: values.length / channels },
    (_, place) => values[place * channels + unit] ?? 0,
  )
  return largestAt(own) * channels + unit
}

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
  let skipped: ReadonlySet<number> = new Set()
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
      skipped = batch.skipped
      return { images: batch.images }
    },
    take: (outputs, from, size) => {
      const largest = numbersOf(outputs, 'largest')
      for (const [unit, list] of best) {
        for (let row = 0; row < size; row++) {
          if (skipped.has(row)) continue
          const activation = largest[row * channels + unit] ?? 0
          if (list.length === count && activation <= (list.at(-1)?.activation ?? 0)) continue
          list.push({ index: from + row, activation })
          list.sort((a, b) => b.activation - a.activation || a.index - b.index)
          if (list.length > count) list.pop()
        }
      }
    },
  })
  return best
}
