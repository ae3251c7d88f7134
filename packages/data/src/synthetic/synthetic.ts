import type { Dataset, ImageShape } from '@convzoo/core'
import {
  defineOptions,
  describeValue,
  formatShape,
  imageShapeKind,
  integer,
  matching,
  type Option,
  optional,
  unusableOption,
} from '@convzoo/core/define'
import { fillUniform, seedWords, streamKey } from '@convzoo/core/engine'
import { sampleParts } from '../dataset/kinds.js'
import { datasetOf, type SampleOptions } from '../dataset/samples.js'

export interface SyntheticOptions extends SampleOptions {
  /** [H, W, C] of the images that are made. */
  readonly shape: ImageShape
  /** 10 by default. */
  readonly classes?: number
  /** 1000 by default. */
  readonly length?: number
  /** 1 by default; two sets of different seeds have no image in common. */
  readonly seed?: number
}

const upTo = (most: number): Option<number, number> =>
  matching(
    `a whole number from 1 to ${most}`,
    (value): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most,
  )

const parts = defineOptions({
  shape: imageShapeKind,
  classes: optional(upTo(2 ** 20), 10),
  length: optional(upTo(2 ** 20), 1000),
  seed: optional(integer(0), 1),
  ...sampleParts,
})

/** What all images together may take. */
const mostBytes = 2 ** 32

/**
 * Images that cost nothing to have: stripes whose direction is their class, of random width, phase and colour, with noise. A network
 * learns them within minutes; they say nothing about how it does on photographs.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const dataset = synthetic({ shape: [32, 32, 3], classes: 4, length: 256 })
 */
export function synthetic(given: SyntheticOptions): Dataset {
  const { shape, classes, length, seed, ...options } = parts.parse('synthetic', given)
  const size = shape[0] * shape[1] * shape[2]
  if (length * size > mostBytes) {
    throw unusableOption('"length" of synthetic', {
      expected: `at most ${Math.floor(mostBytes / size)} images of ${formatShape(shape)}, which are made in memory`,
      received: describeValue(length),
    })
  }
  const images = new Uint8Array(length * size)
  const key = streamKey(seedWords(seed), 'synthetic')
  const numbers = new Float64Array(2 + shape[2] + size)
  for (let index = 0; index < length; index++) {
    fillUniform(key, index, numbers)
    stripes(images.subarray(index * size, (index + 1) * size), shape, (index % classes) / classes, numbers)
  }
  return datasetOf(
    {
      name: 'synthetic',
      length,
      shape,
      images,
      one: 255,
      labels: Uint32Array.from({ length }, (_, index) => index % classes),
      classes: Array.from({ length: classes }, (_, label) => String(label)),
    },
    options,
  )
}

/** Draws stripes at a part of a half turn. */
function stripes(image: Uint8Array, [height, width, channels]: ImageShape, part: number, numbers: Float64Array): void {
  const [period = 0, phase = 0] = numbers
  const across = Math.cos(Math.PI * part)
  const down = Math.sin(Math.PI * part)
  const turns = (2 * Math.PI * (2 + 3 * period)) / Math.max(height, width)
  let at = 0
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const wave = 0.5 + 0.5 * Math.sin((column * across + row * down) * turns + 2 * Math.PI * phase)
      for (let channel = 0; channel < channels; channel++, at++) {
        const colour = 0.4 + 0.6 * (numbers[2 + channel] ?? 0)
        const noise = (numbers[2 + channels + at] ?? 0) - 0.5
        image[at] = Math.max(0, Math.min(255, 255 * (wave * colour + 0.2 * noise)))
      }
    }
  }
}
