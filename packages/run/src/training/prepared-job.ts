import { completeConfig, type Definitions, type RunConfig, type RunSettings } from '../config/config.js'
import { withRecipe } from '../config/recipes.js'
import type { Told } from '../listener.js'
import { openSource, wholeSource } from '../source/open-source.js'
import { wholeWeights } from '../weights/find-weights.js'
import { type Job, makeJob, newPlan, withFingerprint, withMeasuredMean, withWhitening } from './job.js'

/** The settings of a new run, of which nothing is missing, wherever it is resumed or repeated. */
export async function wholeSettings(config: RunConfig, recipe: string, definitions: Definitions): Promise<RunSettings> {
  return await withWholeSource(await completeConfig(await withRecipe(recipe, config), definitions))
}

interface Watch {
  readonly told: Told
  readonly signal: AbortSignal | undefined
}

/** All that a new run needs, made and measured; nothing is written. Undefined if the signal stopped it. */
export async function preparedJob(
  settings: RunSettings,
  definitions: Definitions,
  { told, signal }: Watch,
): Promise<Job | undefined> {
  const source = await openSource(settings.data, told.warn)
  told.warn(source.notes)
  const declared = await makeJob(await newPlan(settings, source), source, definitions, told.warn)
  const watch = {
    onProgress: told.progress(`mean ${settings.data.mean}`),
    ...(signal === undefined ? {} : { signal }),
  }
  const measured = await unlessStopped(withMeasuredMean(declared, source, watch, told.warn), signal)
  if (measured === undefined) return undefined
  const fitting = { ...watch, onProgress: told.progress('whitening') }
  const whitened = await unlessStopped(withWhitening(measured, source, fitting, told), signal)
  return whitened === undefined ? undefined : withFingerprint(whitened)
}

/** A run finds its images, and another run that it starts from, from wherever it is resumed or repeated. */
async function withWholeSource(settings: RunSettings): Promise<RunSettings> {
  const { network, data } = settings
  const weights = network.weights === undefined ? undefined : await wholeWeights(network.weights)
  return { ...settings, network: { ...network, weights }, data: { ...data, source: wholeSource(data.source) } }
}

/** What some work gives, or undefined if the signal stopped it. */
function unlessStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (signal?.aborted === true && error === signal.reason) return undefined
    throw error
  })
}
