import { basename } from 'node:path'
import { RunFolder } from '@convzoo/trainer'
import { completeConfig, type RunConfig, type RunSettings } from '../config/config.js'
import { withRecipe } from '../config/recipes.js'
import { encodePlan, meanImageOf } from '../config/stored.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { openSource, wholeSource } from '../source/open-source.js'
import { disposeData } from '../source/run-data.js'
import { wholeWeights } from '../weights/find-weights.js'
import { conduct, prepare, type TrainResult } from './conduct.js'
import { type Job, makeJob, newPlan, withFingerprint, withMeasuredMean, withWhitening } from './job.js'
import { disposeCallbacks, makeTrainer } from './make-trainer.js'
import type { ParsedTrainOptions } from './options.js'
import { Pictures } from './pictures.js'
import { recipeLine } from './recipe-line.js'
import { Requests } from './requests.js'
import { startingWeights } from './starting-weights.js'

/** Trains a new run. Undefined if it was stopped before its first step: nothing was written. */
export async function startRun(config: RunConfig, options: ParsedTrainOptions): Promise<TrainResult | undefined> {
  const { told, signal, callbacks } = options
  const definitions = installedDefinitions()
  const settings = await withWholeSource(await completeConfig(await withRecipe(options.recipe, config), definitions))
  const path = options.folder ?? defaultFolder(settings)
  await RunFolder.requireFree(path)
  const from = await startingWeights(settings)
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
  if (whitened === undefined) return undefined
  const job = await withFingerprint(whitened)
  let folder: RunFolder | undefined
  const pictures = new Pictures(() => folder, told.warn)
  const requests = new Requests()
  const trainer = makeTrainer({ job, told, pictures, requests, folder: () => folder, callbacks })
  try {
    await prepare(trainer, job)
    const starting = await from?.(trainer, job.model, told)
    if (signal?.aborted === true) return undefined
    folder = await RunFolder.create(
      path,
      storedOf(job),
      meanImageOf(job.plan),
      job.plan.preprocessing.whitening?.fitted,
    )
    await using _ = await folder.lock()
    await using asked = requests
    await asked.begin(folder, signal)
    if (starting !== undefined) await folder.record(starting)
    told.log(await recipeLine(options.recipe, settings, definitions))
    return await conduct({ job, trainer, folder, told, pictures, signal: asked.signal })
  } finally {
    await disposeCallbacks([...job.callbacks, ...callbacks])
    await trainer.dispose()
    await disposeData(job)
  }
}

/** A run finds its images, and another run that it starts from, from wherever it is resumed or repeated. */
async function withWholeSource(settings: RunSettings): Promise<RunSettings> {
  const { network, data } = settings
  const weights = network.weights === undefined ? undefined : await wholeWeights(network.weights)
  return { ...settings, network: { ...network, weights }, data: { ...data, source: wholeSource(data.source) } }
}

/** What `config.json` holds of a job. */
export function storedOf({ plan, architecture }: Job): object {
  return encodePlan(plan, RunFolder.meanImageFile, { package: architecture.package })
}

/** What some work gives, or undefined if the signal stopped it. */
function unlessStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (signal?.aborted === true && error === signal.reason) return undefined
    throw error
  })
}

function defaultFolder({ network: { id }, data: { source } }: RunSettings): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const named = basename(source)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 60)
  return `runs/${id}-${named}-${time}`
}
