import { basename, dirname, join } from 'node:path'
import { renameFile } from '@convzoo/files'
import type { WriteOnnxOptions } from '@convzoo/onnx'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { orNotInstalled } from '../plugins/not-installed.js'
import { predictedBy, requireArithmetic, requireSame } from './compared.js'
import { metadataOfModel } from './network-metadata.js'
import type { ExportedOnnx, ExportOptions } from './options.js'
import { beside } from './unchecked.js'

/** Images that are compared. */
const most = 8

export async function exportOnnx(
  run: OpenedNetwork,
  path: string,
  { data, externalData, withPreprocessing: takesBytes = false }: ExportOptions,
): Promise<ExportedOnnx> {
  const { writeOnnx } = await import('@convzoo/onnx')
  const { openOnnxModel } = await import('@convzoo/engine-onnx/model').catch(orNotInstalled('@convzoo/engine-onnx'))
  const preprocessing = takesBytes ? run.plan.preprocessing : undefined
  requireArithmetic(run, takesBytes)
  const compared = await predictedBy(run, { data, most, takesBytes })
  const trainer = await run.ready({})
  const read: WriteOnnxOptions['read'] = (names) => trainer.readState(names)
  return beside(path, async (folder) => {
    const unchecked = join(folder, basename(path))
    const { dataFile, ...written } = await writeOnnx(unchecked, run.model, {
      read,
      metadata: metadataOfModel(run, takesBytes),
      externalData,
      preprocessing,
    })
    const comparison = await requireSame(compared, await openOnnxModel(unchecked))
    const ownDataFile = dataFile === undefined ? undefined : join(dirname(path), basename(dataFile))
    if (dataFile !== undefined && ownDataFile !== undefined) await renameFile(dataFile, ownDataFile)
    await renameFile(unchecked, path)
    return { format: 'onnx', ...written, path, dataFile: ownDataFile, ...comparison }
  })
}
