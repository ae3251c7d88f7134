import type { ExportedNetwork } from '@convzoo/run'
import { type ExportFormat, exportFormats, sourceDescription, wholeSource } from '@convzoo/run/config'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import {
  addWeightsFlags,
  networkArgument,
  oneNetwork,
  saidOfWeights,
  type WeightsFlags,
} from '../flags/weights-flags.js'
import { oneOf } from '../terminal/arguments.js'
import { say, sayJson } from '../terminal/output.js'
import { requireOutputFolder } from '../terminal/output-file.js'
import { watchedBy } from '../terminal/progress.js'
import { openScreen } from '../terminal/screen.js'

interface ExportFlags extends WeightsFlags {
  readonly format: ExportFormat
  readonly output: string
  readonly data?: string
  readonly externalData?: boolean
  readonly withPreprocessing?: boolean
  readonly json?: boolean
}

export async function addExport(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('export')
    .description(
      'A trained network for other software: a model that is compared with what was trained on its own images, or its weights.',
    )
    .argument('[run]', networkArgument)
    .requiredOption('-o, --output <path>', 'the file to write, such as model.onnx; of tfjs the folder')
    .option('--format <name>', exportFormats.join(', '), oneOf('--format', exportFormats), 'onnx')
    .option('--data <source>', `whose images it is compared on: ${sourceDescription} (the run's own)`, wholeSource)
    .option('--external-data', 'of onnx: weights in a file of their own beside it, as it has to be above 2 GB')
    .option(
      '--with-preprocessing',
      'the model takes bytes of pictures that have the size of the input, and scales and whitens them itself',
    )
    .option('--json', 'for programs')
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string | undefined, flags: ExportFlags) => exportNetwork(run, flags, engine))
}

async function exportNetwork(run: string | undefined, flags: ExportFlags, engine: EngineChoice): Promise<void> {
  const { format, output, data, externalData, withPreprocessing, json } = flags
  requireOutputFolder(output)
  const { openWeights } = await import('@convzoo/run')
  await using network = await openWeights(oneNetwork('export', flags, run), {
    ...saidOfWeights(flags),
    ...engine(),
    ...watchedBy(await openScreen()),
  })
  const exported = await network.export(output, { format, data, externalData, withPreprocessing })
  if (json === true) return await sayJson(exported)
  await say([...linesOf(network.id, exported), output])
}

function linesOf(id: string, exported: ExportedNetwork): readonly string[] {
  if (exported.format === 'safetensors') {
    const { names, peer } = exported
    return [
      `${id} as safetensors: ${names.length} tensors by ${peer === undefined ? 'their own names' : `the names of ${peer}`}`,
    ]
  }
  const { input, output, images, greatestDifference, takesBytes } = exported
  const what = exported.format === 'onnx' ? `ONNX, opset ${exported.opset}` : 'a LayersModel of TensorFlow.js'
  return [
    `${id} as ${what}: ${input} ${takesBytes ? 'of bytes ' : ''}[N, …] → ${output}`,
    `on ${images} images it differs from it by at most ${greatestDifference.toExponential(1)}`,
    ...(exported.format === 'onnx' && exported.dataFile !== undefined ? [`weights: ${exported.dataFile}`] : []),
  ]
}
