import type { ImageShape } from '@convzoo/core'
import { abortSignal, boolean, defineOptions, integer, numberIn, oneOf, optional } from '@convzoo/core/define'
import { imageShapeOption } from '../config/shapes.js'
import { engineOption } from '../engine/engine-option.js'
import { listenerOptions, type RunListener, type Told, toldTo } from '../listener.js'
import type { Choice } from '../plugins/definition.js'
import { type BenchmarkMode, benchmarkModes, longestBenchmark } from './modes.js'

/** What is measured of a network. */
export interface BenchmarkOptions extends RunListener {
  /** `train`, whole steps with the update by SGDW, by default; or `infer`, predictions. */
  readonly mode?: BenchmarkMode | undefined
  /** Images in a step; 32 by default. */
  readonly batchSize?: number | undefined
  /** [H, W, C] or `67x67x3`; the tag's own by default. */
  readonly input?: string | ImageShape | undefined
  /** The tag's own by default. */
  readonly classes?: number | undefined
  /** By name or with its options; the best device of what is installed by default. */
  readonly engine?: Choice | undefined
  /** For so long it is measured at least, and five steps; 10 by default, a day at most. */
  readonly seconds?: number | undefined
  /** Whether it is also told where the time goes, layer by layer, by the runtime's own record of some more steps; false by default. */
  readonly profile?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

const benchmarkOptions = defineOptions({
  mode: optional(oneOf(...benchmarkModes), 'train'),
  batchSize: optional(integer(1), 32),
  input: optional(imageShapeOption),
  classes: optional(integer(1)),
  engine: optional(engineOption, 'auto'),
  seconds: optional(numberIn(0, longestBenchmark), 10),
  profile: optional(boolean, false),
  signal: optional(abortSignal),
  ...listenerOptions,
})

export interface ParsedBenchmarkOptions {
  readonly mode: BenchmarkMode
  readonly batchSize: number
  readonly input: ImageShape | undefined
  readonly classes: number | undefined
  readonly engine: Choice
  readonly seconds: number
  readonly profile: boolean
  readonly signal: AbortSignal | undefined
  readonly told: Told
}

/** @throws ConvzooError of kind `option` for an unknown option or a bad value. */
export function parsedBenchmarkOptions(given: BenchmarkOptions): ParsedBenchmarkOptions {
  const { onLog, onWarning, onProgress, onEvent, ...rest } = benchmarkOptions.parse('benchmark', given)
  return { ...rest, told: toldTo({ onLog, onWarning, onProgress, onEvent }) }
}
