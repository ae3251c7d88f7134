import { resolve } from 'node:path'
import type { NamedTensor } from '@convzoo/core'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { orNotInstalled } from '../plugins/not-installed.js'
import { predictedBy, requireSame } from './compared.js'
import { metadataOf } from './network-metadata.js'
import type { ExportedTfjs, ExportOptions } from './options.js'
import { putFolder, requireReplaceable } from './replace-folder.js'
import { beside } from './unchecked.js'

/** Images that are compared: TensorFlow.js in pure JavaScript takes seconds for one. */
const most = 2

/** Files of a LayersModel: what is there of other names is not ours to remove. */
const ownFile = /^(?:model\.json|group\d+-shard\d+of\d+\.bin)$/

export async function exportTfjs(run: OpenedNetwork, path: string, { data }: ExportOptions): Promise<ExportedTfjs> {
  const { openLayersModel, requireLayersModel, writeLayersModel } = await import(
    '@convzoo/engine-tfjs/layers-model'
  ).catch(orNotInstalled('@convzoo/engine-tfjs'))
  requireLayersModel(run.model)
  await requireReplaceable(path, ownFile)
  const compared = await predictedBy(run, data, most)
  const trainer = await run.ready({})
  const read = (names: readonly string[]): AsyncIterable<NamedTensor> => trainer.readState(names)
  return beside(resolve(path), async (folder) => {
    const written = await writeLayersModel(folder, run.model, { read, metadata: metadataOf(run) })
    const model = await openLayersModel(folder)
    const given = await model.run(compared.images).finally(() => model.dispose())
    const comparison = requireSame(compared, given)
    await putFolder(folder, path, ownFile)
    return { format: 'tfjs', ...written, path, ...comparison }
  })
}
