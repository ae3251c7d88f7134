import type { Model, NamedTensor, ResolvedArchitecture } from '@convzoo/core'
import { RunFolder } from '@convzoo/trainer'
import { readPlan } from '../config/stored.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { resolveArchitecture } from '../plugins/installed.js'
import { makeModel } from '../training/job.js'
import { findWeights } from './find-weights.js'
import { networkOfFile } from './network-of-file.js'
import { openWeightsFile } from './weights-file.js'

/** The weights of a run or of a file, and their network. Close them after use. */
export interface TrainedWeights {
  readonly network: ResolvedArchitecture
  readonly model: Model
  /** The tensors of these names, in this order. */
  read(names: readonly string[]): AsyncGenerator<NamedTensor, void, undefined>
  close(): Promise<void>
}

/**
 * Opens the weights of a run, its newest, or those of a file.
 *
 * @param as The network of those of a file, where it does not say itself.
 * @throws ConvzooError of kind `file` or `option` if there are none, or those of another network.
 */
export async function openTrainedWeights(path: string, as: string | undefined): Promise<TrainedWeights> {
  const place = await findWeights(path)
  return place.kind === 'run' ? ofRun(path) : ofFile(place.path, place.published?.network ?? as)
}

async function ofRun(path: string): Promise<TrainedWeights> {
  const folder = await RunFolder.open(path)
  const plan = await readPlan(folder, installedDefinitions())
  const model = await makeModel(plan)
  const newest = await folder.newestWeights()
  let all: Promise<ReadonlyMap<string, NamedTensor>> | undefined
  return {
    network: await resolveArchitecture(plan.settings.network.id),
    model,
    async *read(names) {
      // A process that trains may replace the file meanwhile: it is gone through once.
      all ??= newest.read(byName, model.weights)
      const found = await all
      for (const name of names) {
        const tensor = found.get(name)
        if (tensor !== undefined) yield tensor
      }
    },
    close: async () => undefined,
  }
}

async function byName(tensors: AsyncIterable<NamedTensor>): Promise<ReadonlyMap<string, NamedTensor>> {
  const all = new Map<string, NamedTensor>()
  for await (const tensor of tensors) all.set(tensor.name, tensor)
  return all
}

async function ofFile(path: string, as: string | undefined): Promise<TrainedWeights> {
  const file = await openWeightsFile(path, as)
  try {
    const { model, network } = networkOfFile(file, undefined)
    return {
      network,
      model,
      async *read(names) {
        for (const name of names) yield* file.read(new Set([name]))
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}
