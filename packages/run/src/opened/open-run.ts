import { relative } from 'node:path'
import { RunFolder, type WeightsSource } from '@convzoo/trainer'
import { completeEngine } from '../config/config.js'
import { readPlan } from '../config/stored.js'
import { openEngine } from '../engine/choice.js'
import type { Told } from '../listener.js'
import type { RunPlan } from '../plan.js'
import type { Choice } from '../plugins/definition.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { makeModel } from '../training/job.js'
import { makeLoss } from '../training/update.js'
import { OpenedNetwork } from './opened-network.js'

/** A run whose network can be used. */
export interface OpenedRun {
  readonly opened: OpenedNetwork
  readonly plan: RunPlan
}

/** @throws ConvzooError if the folder is no run, or its network or the engine cannot be made. */
export async function openedRun(path: string, engine: Choice, told: Told): Promise<OpenedRun> {
  const folder = await RunFolder.open(path)
  const definitions = installedDefinitions()
  const plan = await readPlan(folder, definitions)
  const model = await makeModel(plan)
  const loss = await makeLoss(plan.settings, definitions)
  const made = await openEngine(await completeEngine(engine, definitions), { announced: false })
  const opened = new OpenedNetwork({
    path: folder.path,
    name: `The run in ${folder.path}`,
    plan,
    model,
    loss,
    engine: made,
    told,
    async history() {
      const { weights, warnings } = await folder.history()
      told.warn(warnings)
      return weights
    },
    async load(trainer, partial) {
      const newest = await folder.newestWeights()
      told.warn(newest.warnings)
      const from = await newest.read(async (tensors, source) => {
        await trainer.writeWeights(tensors, { partial })
        return source
      }, model.weights)
      if (from.kind !== 'finished') told.warn(unfinished(folder, plan, from))
    },
  })
  return { opened, plan }
}

function unfinished(folder: RunFolder, { settings }: RunPlan, { step, epoch = 0, path }: WeightsSource): string {
  const place = `${settings.network.id}, step ${step}, after ${epoch} whole ${epoch === 1 ? 'epoch' : 'epochs'}`
  return `The run is not finished: its newest checkpoint is used, ${place}, ${relative(folder.path, path)}`
}
