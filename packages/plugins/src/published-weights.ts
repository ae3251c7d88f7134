import type { ImageShape } from '@convzoo/core'
import { defineOptions, imageShapeKind, matching, optional, text, texts } from '@convzoo/core/define'

/** Weights that a package ships, as its manifest describes them: they are chosen, listed and checked without a line of it being run. */
export interface PublishedWeights {
  /** The id of their network, such as `nin.cifar10`, whose preprocessing is theirs. */
  readonly network: string
  /** Where in the package they are: `.safetensors`, `.pth` or `.pt`. */
  readonly file: string
  /** The SHA-256 of that file, in hexadecimal digits. */
  readonly sha256: string
  /** Under which licence they may be used, as an SPDX expression. */
  readonly license: string
  /** In a line: the data, and how much of it. */
  readonly trainedOn: string
  /** In the order of the outputs; by default those that the file holds, or else numbers. */
  readonly classes?: readonly string[] | undefined
  /** [H, W, C] that they were trained with; the network's own by default. */
  readonly input?: ImageShape | undefined
  /** Of images that they were not trained on, the fraction that they tell rightly. */
  readonly accuracy?: number | undefined
  /** By which recipe they were trained. */
  readonly recipe?: string | undefined
}

const digits = matching(
  'a SHA-256, 64 hexadecimal digits',
  (given): given is string => typeof given === 'string' && /^[\da-f]{64}$/i.test(given),
)

const fraction = matching(
  'a number from 0 to 1',
  (given): given is number => typeof given === 'number' && given >= 0 && given <= 1,
)

/** What an entry under `weights/v1` says. */
export const publishedWeights = defineOptions({
  network: text,
  file: text,
  sha256: digits,
  license: text,
  trainedOn: text,
  classes: optional(texts),
  input: optional(imageShapeKind),
  accuracy: optional(fraction),
  recipe: optional(text),
})
