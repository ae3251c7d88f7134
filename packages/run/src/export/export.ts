import type { OpenedNetwork } from '../opened/opened-network.js'
import type { ExportFormat } from './formats.js'
import { exportOnnx } from './onnx.js'
import { type ExportedNetwork, type exportOptions, requireTaken } from './options.js'
import { exportSafetensors } from './safetensors.js'
import { exportTfjs } from './tfjs.js'

type Options = ReturnType<typeof exportOptions.parse>

const exporters: Readonly<
  Record<ExportFormat, (run: OpenedNetwork, path: string, options: Options) => Promise<ExportedNetwork>>
> = { onnx: exportOnnx, tfjs: exportTfjs, safetensors: exportSafetensors }

/** Writes a network in a format. */
export async function exportNetwork(run: OpenedNetwork, path: string, options: Options): Promise<ExportedNetwork> {
  requireTaken(options)
  return exporters[options.format](run, path, options)
}
