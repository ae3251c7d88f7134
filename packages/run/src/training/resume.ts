import { ConvzooError } from '@convzoo/core'
import { defineOptions, optional, text } from '@convzoo/core/define'
import { RunFolder } from '@convzoo/trainer'
import { changedConfig, changedSettings, type RunChanges, requireRenewable } from '../config/changes.js'
import { namedBy } from '../config/choice.js'
import { completeConfig, type RunSettings } from '../config/config.js'
import { imageShapeOption } from '../config/shapes.js'
import { readPlan } from '../config/stored.js'
import type { PlannedSettings, RunPlan } from '../plan.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { resolveArchitecture } from '../plugins/installed.js'
import { changedCacheLines, withoutUnusedSize } from '../source/cache.js'
import { changedImagesLines, requireSameClasses, requireSameImages } from '../source/identity.js'
import { openRunSource, wholeSource } from '../source/open-source.js'
import { disposeData } from '../source/run-data.js'
import { type Conclusion, conduct, prepare } from './conduct.js'
import { makeJob, withFingerprint } from './job.js'
import { disposeCallbacks, makeTrainer } from './make-trainer.js'
import type { ParsedResumeOptions } from './options.js'
import { Pictures } from './pictures.js'
import { Requests } from './requests.js'
import { lastEpochOf, rateLines, requireEpochsLeft, requireNothingNew } from './resumption.js'
import { startingWeights } from './starting-weights.js'
import { storedOf } from './stored-job.js'
import { TimeLimit } from './time-limit.js'

/** Goes on with a run that was stopped, as if it never had been. One that is finished is left as it is, and its score given. */
export async function resumeRun(path: string, options: ParsedResumeOptions): Promise<Conclusion> {
  const { told, signal, callbacks, changes, allowChangedData } = options
  const began = performance.now()
  const definitions = installedDefinitions()
  const folder = await RunFolder.open(path)
  await using _ = await folder.lock()
  const saved = await readPlan(folder, definitions)
  await requireSameNetwork(saved, changes)
  const settings = await renewed(saved.settings, changes)
  // A callback may have ended it before its last epoch, and another one, or none, may let it go on.
  const changed = changedSettings(saved.settings, settings)
  const isLonger = changed.some((path) => path === 'training.epochs' || path === 'callbacks')
  const score = await folder.finishedScore(isLonger ? settings.training.epochs : undefined)
  const at = await lastEpochOf(folder)
  if (score !== undefined) {
    requireNothingNew(saved.settings, settings)
    const { classes } = saved
    return { folder: path, completed: true, classes, score, position: { ...at, step: 0 }, wasFinished: true }
  }
  requireEpochsLeft(at, settings)
  const source = await openRunSource(settings.data, told.warn)
  requireSameClasses(saved, source)
  told.warn(source.notes)
  const job = await withFingerprint(await makeJob({ ...saved, settings }, source, definitions, told.warn))
  const pictures = new Pictures(() => folder, told.warn)
  const requests = new Requests()
  const trainer = makeTrainer({ job, told, pictures, requests, folder: () => folder, callbacks })
  try {
    // Before anything is changed in the run.
    if (!allowChangedData) requireSameImages(saved, job.plan.fingerprint, job.training)
    await prepare(trainer, job)
    await using asked = requests
    await asked.begin(folder, signal)
    const resumed = await folder.resume(trainer)
    requireEpochsLeft(resumed.position, settings)
    // It was stopped before its first checkpoint, and begins anew: with what it began with.
    if (resumed.checkpoint === undefined) {
      const starting = await (await startingWeights(settings))?.(trainer, job.model, told)
      if (starting !== undefined) await folder.record(starting)
    }
    told.warn([
      ...resumed.warnings.flatMap((text) => text.split('\n')),
      ...changedImagesLines(saved, job.plan.fingerprint, job.training),
      ...changedCacheLines(saved, settings.data, source),
      ...rateLines(saved.settings, settings, resumed.position, job.training.length),
    ])
    // A run of an earlier version may not know the names of its classes: from now on it does.
    const classNames = saved.classNames ?? trainer.classes ?? job.training.classes
    await folder.writeConfig(storedOf({ ...job, plan: { ...job.plan, classNames } }))
    using limit = new TimeLimit(settings.training.timeLimit, began, asked.signal)
    return await conduct({ job, trainer, folder, told, pictures, limit }, resumed, allowChangedData)
  } finally {
    await disposeCallbacks([...job.callbacks, ...callbacks])
    await trainer.dispose()
    await disposeData(job)
  }
}

const networkOptions = defineOptions({ id: optional(text), input: optional(imageShapeOption) })

/** What is said anew of the network, which has to be what it is. */
const networkChanges = (network: RunChanges['network'] = {}): ReturnType<typeof networkOptions.parse> =>
  networkOptions.parse('the network', namedBy('id', network))

/** The settings of a run that goes on: its own, and what was said anew. */
async function renewed(saved: PlannedSettings, changes: RunChanges): Promise<PlannedSettings> {
  const { network, ...others } = changes
  const { input } = networkChanges(network)
  const anew = input === undefined ? others : { ...others, network: { input } }
  const complete: RunSettings = await completeConfig(changedConfig(saved, anew), installedDefinitions())
  const isSizeGiven = typeof changes.data === 'object' && changes.data.cacheSize !== undefined
  const isMoved = complete.data.source !== saved.data.source
  const source = isMoved ? wholeSource(complete.data.source) : saved.data.source
  const data = withoutUnusedSize({ ...complete.data, source }, isSizeGiven)
  requireRenewable(saved, { ...complete, data })
  return { ...complete, data, network: saved.network }
}

async function requireSameNetwork({ settings }: RunPlan, { network }: RunChanges): Promise<void> {
  const { id: given } = networkChanges(network)
  if (given === undefined) return
  const { architecture, tagName } = await resolveArchitecture(given)
  if (`${architecture.name}.${tagName}` === settings.network.id) return
  throw new ConvzooError({
    kind: 'option',
    message: 'The run that is resumed is of another network.',
    expected: settings.network.id,
    received: given,
    hint: 'leave the id out',
  })
}
