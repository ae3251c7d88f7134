import { basename } from 'node:path'
import { RunFolder } from '@convzoo/trainer'
import type { RunConfig, RunSettings } from '../config/config.js'
import { meanImageOf } from '../config/stored.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { disposeData } from '../source/run-data.js'
import { type Conclusion, conduct, prepare } from './conduct.js'
import { disposeCallbacks, makeTrainer } from './make-trainer.js'
import type { ParsedTrainOptions } from './options.js'
import { Pictures } from './pictures.js'
import { preparedJob, wholeSettings } from './prepared-job.js'
import { recipeLine } from './recipe-line.js'
import { Requests } from './requests.js'
import { startingWeights } from './starting-weights.js'
import { storedOf } from './stored-job.js'
import { TimeLimit } from './time-limit.js'

/** Trains a new run. Undefined if it was stopped before its first step: nothing was written. */
export async function startRun(config: RunConfig, options: ParsedTrainOptions): Promise<Conclusion | undefined> {
  const { told, signal, callbacks } = options
  const began = performance.now()
  const definitions = installedDefinitions()
  const settings = await wholeSettings(config, options.recipe, definitions)
  const path = options.folder ?? defaultFolder(settings)
  await RunFolder.requireFree(path)
  const from = await startingWeights(settings)
  const job = await preparedJob(settings, definitions, { told, signal })
  if (job === undefined) return undefined
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
    using limit = new TimeLimit(settings.training.timeLimit, began, asked.signal)
    return await conduct({ job, trainer, folder, told, pictures, limit })
  } finally {
    await disposeCallbacks([...job.callbacks, ...callbacks])
    await trainer.dispose()
    await disposeData(job)
  }
}

function defaultFolder({ network: { id }, data: { source } }: RunSettings): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const named = basename(source)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 60)
  return `runs/${id}-${named}-${time}`
}
