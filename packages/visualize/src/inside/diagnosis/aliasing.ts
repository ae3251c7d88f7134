import type { Model, ModelLayer } from '@convzoo/core'
import type { GraphNode } from '@convzoo/core/engine'
import { convolutionsOf } from '../convolutions.js'
import type { Filters } from '../filters.js'
import { predictionOf } from '../graph/traced-network.js'

/** How much of what a layer sees is too fine for its stride. */
export interface Aliasing {
  readonly layer: string
  readonly kernelSize: readonly [number, number]
  readonly strides: readonly [number, number]
  /** Of each filter, the part of its response to the images that is finer than the grid of its strides can hold; 0 for one of zeros. */
  readonly shares: readonly number[]
  /** Their mean. */
  readonly share: number
  /** The mean part of the filters themselves that is so fine: what would be aliased of images as sharp as noise. */
  readonly sharpest: number
}

/** Pixels of a side of the part of an image whose frequencies are looked at. */
const longest = 64

/** The convolutions that see pixels, and not what another layer made of them. */
export function pixelConvolutions(model: Model): readonly ModelLayer[] {
  const seesPixels = ({ applications }: Pick<ModelLayer, 'applications'>): boolean =>
    applications.every(({ inputs }) =>
      inputs.every(({ application: { owner } }) => {
        if (owner.layer.type === 'input') return true
        return owner.layer.type === 'zeroPadding2d' && seesPixels(owner)
      }),
    )
  return convolutionsOf(model).filter(seesPixels)
}

/** The strides of a convolution. */
export function stridesOf(model: Model, layer: string): readonly [number, number] {
  const { nodes } = predictionOf(model, 1)
  const isKernel = (id: number | undefined): boolean => {
    const node: GraphNode | undefined = nodes[id ?? -1]
    return node?.primitive === 'state' && node.attributes.name === `${layer}/kernel`
  }
  for (const node of nodes) if (node.primitive === 'conv2d' && isKernel(node.inputs[1])) return node.attributes.strides
  return [1, 1]
}

/**
 * What of the response of filters to images is aliased: of sines of all frequencies that an image consists of, a filter answers to some, and of what it
 * answers, a grid of every s-th pixel holds only those of at most 1 / (2 s) periods a pixel (Shannon 1949); the rest looks like something coarser, as
 * Zeiler & Fergus (2014, §4.1) saw in AlexNet's first layers. Measured in the middle of each image, under a Hann window.
 *
 * @param images [N, H, W, C], preprocessed.
 */
export function aliasing(
  { layer, shape: kernel, values }: Filters,
  strides: readonly [number, number],
  { images, shape }: { readonly images: Float32Array; readonly shape: readonly [number, number, number] },
): Aliasing {
  const [height, width, channels] = shape
  const [rows = 1, columns = 1, , count = 1] = kernel
  const side = { y: Math.min(longest, height), x: Math.min(longest, width) }
  const spectra = Array.from({ length: images.length / (height * width * channels) }, (_, image) =>
    Array.from({ length: channels }, (_, channel) => {
      const [top, left] = [(height - side.y) >> 1, (width - side.x) >> 1]
      const at = (y: number, x: number): number =>
        images[((image * height + top + y) * width + left + x) * channels + channel] ?? 0
      return spectrum(windowed(at, side), side, side)
    }),
  )
  const isFine = fineFrequencies(side, strides)
  const filters = Array.from({ length: count }, (_, filter) =>
    Array.from({ length: channels }, (_, channel) => {
      const at = (y: number, x: number): number =>
        values[((y * columns + x) * channels + channel) * count + filter] ?? 0
      return spectrum(at, { y: rows, x: columns }, side)
    }),
  )
  const shares = filters.map((filter) =>
    fineShare(
      spectra.map((image) => responsePower(filter, image)),
      isFine,
    ),
  )
  const own = filters.map((filter) => fineShare(filter.map(powerOf), isFine))
  return { layer, kernelSize: [rows, columns], strides, shares, share: meanOf(shares), sharpest: meanOf(own) }
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length)

interface Sides {
  readonly y: number
  readonly x: number
}

/** Complex numbers, [y, x]. */
interface Spectrum {
  readonly real: Float64Array
  readonly imaginary: Float64Array
}

type At = (y: number, x: number) => number

/** A part of an image without its mean, which fades out at its border. */
function windowed(at: At, { y: height, x: width }: Sides): At {
  const hann = (place: number, length: number): number => Math.sin((Math.PI * (place + 0.5)) / length) ** 2
  let sum = 0
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sum += at(y, x)
  const mean = sum / (height * width)
  return (y, x) => (at(y, x) - mean) * hann(y, height) * hann(x, width)
}

/** The discrete Fourier transform of values in a corner of a grid, rows first and then columns. */
function spectrum(at: At, from: Sides, grid: Sides): Spectrum {
  const [columns, rows] = [turns(grid.x), turns(grid.y)]
  const across = { real: new Float64Array(from.y * grid.x), imaginary: new Float64Array(from.y * grid.x) }
  for (let y = 0; y < from.y; y++) {
    for (let k = 0; k < grid.x; k++) {
      let [real, imaginary] = [0, 0]
      for (let x = 0; x < from.x; x++) {
        const value = at(y, x)
        real += value * (columns.real[(k * x) % grid.x] ?? 0)
        imaginary += value * (columns.imaginary[(k * x) % grid.x] ?? 0)
      }
      across.real[y * grid.x + k] = real
      across.imaginary[y * grid.x + k] = imaginary
    }
  }
  const whole = { real: new Float64Array(grid.y * grid.x), imaginary: new Float64Array(grid.y * grid.x) }
  for (let j = 0; j < grid.y; j++) {
    for (let y = 0; y < from.y; y++) {
      const turn = (j * y) % grid.y
      const [cosine, sine] = [rows.real[turn] ?? 0, rows.imaginary[turn] ?? 0]
      for (let k = 0; k < grid.x; k++) {
        const [real, imaginary] = [across.real[y * grid.x + k] ?? 0, across.imaginary[y * grid.x + k] ?? 0]
        const to = j * grid.x + k
        whole.real[to] = (whole.real[to] ?? 0) + real * cosine - imaginary * sine
        whole.imaginary[to] = (whole.imaginary[to] ?? 0) + real * sine + imaginary * cosine
      }
    }
  }
  return whole
}

/** exp(−2πi k / length) for each k. */
function turns(length: number): Spectrum {
  const angles = Float64Array.from({ length }, (_, k) => (-2 * Math.PI * k) / length)
  return { real: angles.map(Math.cos), imaginary: angles.map(Math.sin) }
}

/** Which frequencies are beyond what the grid of the strides holds. */
function fineFrequencies({ y: height, x: width }: Sides, strides: readonly [number, number]): readonly boolean[] {
  const frequency = (k: number, length: number): number => Math.min(k, length - k) / length
  return Array.from({ length: height * width }, (_, at) => {
    const [j, k] = [Math.floor(at / width), at % width]
    return frequency(j, height) > 1 / (2 * strides[0]) || frequency(k, width) > 1 / (2 * strides[1])
  })
}

/** How strong each frequency is. */
const powerOf = ({ real, imaginary }: Spectrum): Float64Array =>
  real.map((value, at) => value * value + (imaginary[at] ?? 0) ** 2)

/** How strong each frequency is in what a filter makes of an image, all channels together. */
function responsePower(filter: readonly Spectrum[], image: readonly Spectrum[]): Float64Array {
  const [first] = filter
  if (first === undefined) return new Float64Array()
  const sum = { real: new Float64Array(first.real.length), imaginary: new Float64Array(first.real.length) }
  for (const [channel, own] of filter.entries()) {
    const other = image[channel]
    for (const [at, a] of own.real.entries()) {
      const [b, c, d] = [own.imaginary[at] ?? 0, other?.real[at] ?? 0, other?.imaginary[at] ?? 0]
      // Convolutions of networks are correlations: the filter's conjugate multiplies.
      sum.real[at] = (sum.real[at] ?? 0) + a * c + b * d
      sum.imaginary[at] = (sum.imaginary[at] ?? 0) + a * d - b * c
    }
  }
  return powerOf(sum)
}

/** The part of all power that is at fine frequencies. */
function fineShare(powers: readonly Float64Array[], isFine: readonly boolean[]): number {
  let [all, fine] = [0, 0]
  for (const power of powers) {
    for (const [at, value] of power.entries()) {
      all += value
      if (isFine[at] === true) fine += value
    }
  }
  return all > 0 ? fine / all : 0
}
