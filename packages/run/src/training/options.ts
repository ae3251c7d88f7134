import type { Callback } from '@convzoo/core'
import { abortSignal, boolean, defineOptions, isOptionsObject, matching, optional, text } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import type { RunChanges } from '../config/changes.js'
import { usualRecipe } from '../config/recipes.js'
import { listenerOptions, type RunListener, type Told, toldTo } from '../listener.js'

/** How a run is trained, beside what it is. */
export interface TrainOptions extends RunListener {
  /** Where it goes: a new folder; `runs/<id>-<data>-<time>` by default. */
  readonly folder?: string | undefined
  /** A recipe of the network by name, which says what the configuration does not; `modern` by default. */
  readonly recipe?: string | undefined
  /** Besides those that the configuration names. What they have to end, they end when all is recorded, by `[Symbol.asyncDispose]`. */
  readonly callbacks?: readonly (Callback & Partial<AsyncDisposable>)[] | undefined
  /** Stops it after the step under way; it can be resumed. */
  readonly signal?: AbortSignal | undefined
}

export interface ResumeOptions extends Omit<TrainOptions, 'folder' | 'recipe'> {
  /** What is to be otherwise from now on: more epochs, another rate, data that were moved. */
  readonly changes?: RunChanges | undefined
  /** Goes on with other images than the run was started with: what it gives is no longer that of a run that never stopped. */
  readonly allowChangedData?: boolean | undefined
}

const callbacksOption = matching(
  'a list of callbacks, such as [{ onEpoch: (record) => … }]',
  (given): given is readonly Callback[] => Array.isArray(given) && given.every(isOptionsObject),
)

const shared = { callbacks: optional(callbacksOption, []), signal: optional(abortSignal), ...listenerOptions }
const trainOptions = defineOptions({ ...shared, folder: optional(pathOption), recipe: optional(text, usualRecipe) })
const resumeOptions = defineOptions({
  ...shared,
  changes: optional(
    matching('parts of a configuration', (given): given is RunChanges => isOptionsObject(given)),
    {},
  ),
  allowChangedData: optional(boolean, false),
})

interface ParsedShared {
  readonly callbacks: readonly Callback[]
  readonly signal: AbortSignal | undefined
  readonly told: Told
}

export type ParsedTrainOptions = ParsedShared & { readonly folder: string | undefined; readonly recipe: string }
export type ParsedResumeOptions = ParsedShared & {
  readonly changes: RunChanges
  readonly allowChangedData: boolean
}

/** @throws ConvzooError of kind `option` for an unknown option or a bad value. */
export function parsedTrainOptions(given: TrainOptions): ParsedTrainOptions {
  const { folder, recipe, callbacks, signal, ...listener } = trainOptions.parse('train', given)
  return { folder, recipe, callbacks, signal, told: toldTo(listener) }
}

/** @throws ConvzooError of kind `option` for an unknown option or a bad value. */
export function parsedResumeOptions(given: ResumeOptions): ParsedResumeOptions {
  const { changes, allowChangedData, callbacks, signal, ...listener } = resumeOptions.parse('resume', given)
  return { changes, allowChangedData, callbacks, signal, told: toldTo(listener) }
}
