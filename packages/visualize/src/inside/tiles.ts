import {
  fieldsOf,
  integer,
  isFloat32Array,
  isOptionsObject,
  matching,
  requireArguments,
  sizeOf,
} from '@convzoo/core/define'
import { type Activations, activationsKind } from './activations.js'
import { type Projection, projectionsKind } from './deconvnet.js'
import { type Filters, filtersKind } from './filters.js'
import { imageKind, isSide, numbersKind } from './kinds.js'
import { type Maps, mapsKind, resized } from './maps.js'

/** Pictures of one size, red, green and blue from 0 to 1: [N, height, width, 3]. */
export interface Tiles {
  readonly height: number
  readonly width: number
  readonly values: Float32Array
}

const tilesKind = matching(
  'pictures: { height, width, values }, red, green and blue of whole pictures',
  (given): given is Tiles => {
    const { height, width, values } = isOptionsObject(given) ? fieldsOf(given) : {}
    return isSide(height) && isSide(width) && isFloat32Array(values) && values.length % (height * width * 3) === 0
  },
)

const tilesListKind = matching(
  'a list of pictures, each { height, width, values }',
  (given): given is readonly Tiles[] => Array.isArray(given) && given.every((each) => isTiles(each)),
)

const isTiles = (given: unknown): boolean => tilesKind.parse(given, '') === given

/** The part of the numbers that may be brighter than white, so that one of them does not leave the others dark. */
const brightest = 0.995

/** Anchors of matplotlib's colour map inferno (CC0), which grows in lightness alone. */
const inferno = [
  [0.001, 0.0, 0.014],
  [0.157, 0.044, 0.329],
  [0.397, 0.083, 0.433],
  [0.623, 0.165, 0.388],
  [0.832, 0.283, 0.258],
  [0.961, 0.49, 0.085],
  [0.982, 0.756, 0.153],
  [0.988, 0.998, 0.645],
] as const

/** Signed numbers of images, [N, H, W, C], around grey: contrast is stretched in each until nearly the largest is black or white. */
export function signedTiles(values: Float32Array, shape: readonly [number, number, number]): Tiles {
  requireArguments('signedTiles', { values: [numbersKind, values], shape: [imageKind, shape] })
  const [height, width, channels] = shape
  const size = height * width * channels
  const out = new Float32Array((values.length / channels) * 3)
  for (let image = 0; image * size < values.length; image++) {
    const own = values.subarray(image * size, (image + 1) * size)
    const most = nearlyLargest(own.map(Math.abs)) || 1
    for (let at = 0; at < height * width; at++) {
      for (let colour = 0; colour < 3; colour++) {
        const value = own[at * channels + Math.min(colour, channels - 1)] ?? 0
        out[(image * height * width + at) * 3 + colour] = bounded(0.5 + value / (2 * most))
      }
    }
  }
  return { height, width, values: out }
}

/** How much each pixel counts, whatever its sign and colour: [N, H, W, C] → [N, H, W]. */
export function magnitudes(values: Float32Array, shape: readonly [number, number, number]): Maps {
  requireArguments('magnitudes', { values: [numbersKind, values], shape: [imageKind, shape] })
  const [height, width, channels] = shape
  const out = new Float32Array(values.length / channels)
  for (const [at, value] of values.entries()) {
    const pixel = Math.floor(at / channels)
    out[pixel] = Math.max(out[pixel] ?? 0, Math.abs(value))
  }
  return { height, width, values: out }
}

/** Each map in colours from its least number to nearly its largest. */
export function heatTiles(maps: Maps): Tiles {
  requireArguments('heatTiles', { maps: [mapsKind, maps] })
  const { height, width, values } = stretched(maps)
  const out = new Float32Array(values.length * 3)
  for (let at = 0; at < values.length; at++) out.set(colourOf(values[at] ?? 0), at * 3)
  return { height, width, values: out }
}

/** Each map in grey from its least number to nearly its largest. */
export function greyTiles(maps: Maps): Tiles {
  requireArguments('greyTiles', { maps: [mapsKind, maps] })
  const { height, width, values } = stretched(maps)
  const out = new Float32Array(values.length * 3)
  for (let at = 0; at < values.length; at++) out.fill(values[at] ?? 0, at * 3, at * 3 + 3)
  return { height, width, values: out }
}

/** Maps of any size over pictures: as many of each. */
export function overlaid(pictures: Tiles, maps: Maps): Tiles {
  requireArguments('overlaid', { pictures: [tilesKind, pictures], maps: [mapsKind, maps] })
  const { height, width, values } = pictures
  const heat = heatTiles(resized(maps, [height, width]))
  return { height, width, values: values.map((value, at) => 0.45 * value + 0.55 * (heat.values[at] ?? 0)) }
}

/** The filters of a convolution: each as a picture where it sees one or three channels, else each of its channels in grey. */
export function filterTiles(filters: Filters): Tiles {
  requireArguments('filterTiles', { filters: [filtersKind, filters] })
  const { shape, values } = filters
  const [height = 1, width = 1, channels = 1, count = 1] = shape
  const isColoured = channels === 3
  const pictures = isColoured ? count : count * channels
  const parts = isColoured ? 3 : 1
  const out = new Float32Array(pictures * height * width * 3)
  for (let picture = 0; picture < pictures; picture++) {
    const [filter, first] = isColoured ? [picture, 0] : [Math.floor(picture / channels), picture % channels]
    const at = (place: number, channel: number): number => values[(place * channels + channel) * count + filter] ?? 0
    const own = Array.from({ length: height * width * parts }, (_, each) =>
      at(Math.floor(each / parts), first + (each % parts)),
    )
    const [least, most] = [Math.min(...own), Math.max(...own)]
    for (let place = 0; place < height * width; place++) {
      for (let colour = 0; colour < 3; colour++) {
        const value = own[place * parts + Math.min(colour, parts - 1)] ?? 0
        out[(picture * height * width + place) * 3 + colour] = most > least ? (value - least) / (most - least) : 0.5
      }
    }
  }
  return { height, width, values: out }
}

/** The maps of one image at a layer, each in grey; of a dense layer one row of its units. */
export function activationTiles(activations: Activations, image: number): Tiles {
  requireArguments('activationTiles', { activations: [activationsKind, activations], image: [integer(0), image] })
  const { shape, values } = activations
  const size = sizeOf(shape)
  const own = values.subarray(image * size, (image + 1) * size)
  const [height = 1, width = 1, channels = 1] = shape.length === 3 ? shape : [1, size, 1]
  const maps = new Float32Array(size)
  for (let channel = 0; channel < channels; channel++) {
    for (let place = 0; place < height * width; place++)
      maps[channel * height * width + place] = own[place * channels + channel] ?? 0
  }
  return greyTiles({ height, width, values: maps })
}

/** Each map from 0 at its least number to 1 at nearly its largest. */
function stretched({ height, width, values }: Maps): Maps {
  const out = new Float32Array(values.length)
  const size = height * width
  for (let from = 0; from < values.length; from += size) {
    const own = values.subarray(from, from + size)
    const least = own.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY)
    const range = nearlyLargest(own.map((value) => value - least)) || 1
    for (const [at, value] of own.entries()) out[from + at] = bounded((value - least) / range)
  }
  return { height, width, values: out }
}

const bounded = (value: number): number => Math.min(1, Math.max(0, value))

/** The number that few exceed, of those above 0: a picture that is 0 nearly everywhere keeps its contrast where it is something. 0 of none. */
function nearlyLargest(values: Float32Array): number {
  const sorted = values.filter((value) => value > 0).sort()
  return sorted[Math.ceil(brightest * sorted.length) - 1] ?? 0
}

function colourOf(value: number): readonly [number, number, number] {
  const at = value * (inferno.length - 1)
  const low = inferno[Math.min(inferno.length - 1, Math.floor(at))] ?? inferno[0]
  const high = inferno[Math.min(inferno.length - 1, Math.floor(at) + 1)] ?? low
  const part = at - Math.floor(at)
  return [low[0] + part * (high[0] - low[0]), low[1] + part * (high[1] - low[1]), low[2] + part * (high[2] - low[2])]
}

/** Times at most: a pixel of that many is no picture any more. */
const mostTimes = 1000

const timesKind = matching(
  `a whole number from 1 to ${mostTimes}`,
  (given): given is number => typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= mostTimes,
)

/** Pictures of so many times the size: each pixel becomes a square. */
export function enlarged(tiles: Tiles, times: number): Tiles {
  requireArguments('enlarged', { tiles: [tilesKind, tiles], times: [timesKind, times] })
  const { height, width, values } = tiles
  if (times === 1) return tiles
  const [rows, columns] = [height * times, width * times]
  const out = new Float32Array(values.length * times * times)
  const line = new Float32Array(columns * 3)
  // A line of pixels becomes one that is so many times as long, and that line so many lines.
  for (let row = 0; row * width * 3 < values.length; row++) {
    for (let x = 0, to = 0; x < width; x++) {
      const from = (row * width + x) * 3
      for (let each = 0; each < times; each++, to += 3) {
        line[to] = values[from] ?? 0
        line[to + 1] = values[from + 1] ?? 0
        line[to + 2] = values[from + 2] ?? 0
      }
    }
    for (let each = 0; each < times; each++) out.set(line, (row * times + each) * line.length)
  }
  return { height: rows, width: columns, values: out }
}

/** Pictures of one size, one list behind the other. */
export function joined(all: readonly Tiles[]): Tiles {
  requireArguments('joined', { all: [tilesListKind, all] })
  const [{ height, width } = { height: 1, width: 1 }] = all
  const joint = new Float32Array(all.reduce((sum, { values }) => sum + values.length, 0))
  let at = 0
  for (const { values } of all) {
    joint.set(values, at)
    at += values.length
  }
  return { height, width, values: joint }
}

/**
 * What projections show, and what their units saw: the parts of the images that the fields cover, as large as the largest of them. First the
 * projections, then what was seen.
 *
 * @param pictures The images as they were, one for each projection.
 */
export function patches(
  projections: readonly Projection[],
  shape: readonly [number, number, number],
  pictures: readonly Tiles[],
): Tiles {
  requireArguments('patches', { projections: [projectionsKind, projections], shape: [imageKind, shape] })
  requireArguments('patches', { pictures: [tilesListKind, pictures] })
  const height = projections.reduce((most, { field }) => Math.max(most, field.bottom - field.top), 1)
  const width = projections.reduce((most, { field }) => Math.max(most, field.right - field.left), 1)
  const cut = (whole: Tiles, { field: { top, left, bottom, right } }: Projection): Float32Array => {
    const out = new Float32Array(height * width * 3).fill(0.5)
    // A field that the upper or the left border cuts off lies at the other end.
    const down = top === 0 && bottom < whole.height ? height - bottom : 0
    const across = left === 0 && right < whole.width ? width - right : 0
    for (let y = top; y < bottom; y++) {
      const row = whole.values.subarray((y * whole.width + left) * 3, (y * whole.width + right) * 3)
      out.set(row, ((y - top + down) * width + across) * 3)
    }
    return out
  }
  const projected = projections.map((each) => cut(signedTiles(each.values, shape), each))
  const seen = projections.flatMap((each, index) => {
    const picture = pictures[index]
    return picture === undefined ? [] : [cut(picture, each)]
  })
  return { height, width, values: Float32Array.from([...projected, ...seen].flatMap((values) => [...values])) }
}
