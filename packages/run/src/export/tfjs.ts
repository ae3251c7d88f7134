import { resolve } from 'node:path'
import type { NamedTensor } from '@convzoo/core'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { orNotInstalled } from '../plugins/not-installed.js'
import { predictedBy, requireArithmetic, requireSame } from './compared.js'
import { metadataOfModel } from './network-metadata.js'
import type { ExportedTfjs, ExportOptions } from './options.js'
import { putFolder, requireReplaceable } from './replace-folder.js'
import { beside } from './unchecked.js'

/** Images that are compared: TensorFlow.js in pure JavaScript takes seconds for one. */
const most = 2

/** Files of a LayersModel: what is there of other names is not ours to remove. */
const ownFile = /^(?:model\.json|group\d+-shard\d+of\d+\.bin)$/

export async function exportTfjs(
  run: OpenedNetwork,
  path: string,
  { data, withPreprocessing: takesBytes = false }: ExportOptions,
): Promise<ExportedTfjs> {
  const { openLayersModel, requireLayersModel, writeLayersModel } = await import(
    '@convzoo/engine-tfjs/layers-model'
  ).catch(orNotInstalled('@convzoo/engine-tfjs'))
  requireLayersModel(run.model)
  await requireReplaceable(path, ownFile)
  const preprocessing = takesBytes ? run.plan.preprocessing : undefined
  requireArithmetic(run, takesBytes)
  const compared = await predictedBy(run, { data, most, takesBytes })
  const trainer = await run.ready({})
  const read = (names: readonly string[]): AsyncIterable<NamedTensor> => trainer.readState(names)
  return beside(resolve(path), async (folder) => {
    const written = await writeLayersModel(folder, run.model, {
      read,
      metadata: metadataOfModel(run, takesBytes),
      preprocessing,
    })
    const comparison = await requireSame(compared, await openLayersModel(folder))
    await putFolder(folder, path, ownFile)
    return { format: 'tfjs', ...written, path, ...comparison }
  })
}
