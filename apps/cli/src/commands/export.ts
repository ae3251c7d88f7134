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
import { Screen } from '../terminal/screen.js'

interface ExportFlags extends WeightsFlags {
  readonly format: ExportFormat
  readonly output: string
  readonly data?: string
  readonly externalData?: boolean
  readonly json?: boolean
}

export async function addExport(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('export')
    .description(
      'A trained network as a model that other software runs, compared with what was trained on its own images.',
    )
    .argument('[run]', networkArgument)
    .requiredOption('-o, --output <file>', 'the file to write, such as model.onnx')
    .option('--format <name>', exportFormats.join(', '), oneOf('--format', exportFormats), 'onnx')
    .option('--data <source>', `whose images it is compared on: ${sourceDescription} (the run's own)`, wholeSource)
    .option('--external-data', 'weights in a file of their own beside it, as it has to be above 2 GB')
    .option('--json', 'for programs')
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string | undefined, flags: ExportFlags) => exportNetwork(run, flags, engine))
}

async function exportNetwork(run: string | undefined, flags: ExportFlags, engine: EngineChoice): Promise<void> {
  const { format, output, data, externalData, json } = flags
  requireOutputFolder(output)
  const { openWeights } = await import('@convzoo/run')
  await using network = await openWeights(oneNetwork('export', flags, run), {
    ...saidOfWeights(flags),
    ...engine(),
    ...watchedBy(new Screen()),
  })
  const exported = await network.export(output, { format, data, externalData })
  if (json === true) return await sayJson(exported)
  const { input, output: given, opset, images, greatestDifference, dataFile } = exported
  await say([
    `${network.id} as ONNX, opset ${opset}: ${input} [N, …] → ${given}`,
    `on ${images} images it differs from it by at most ${greatestDifference.toExponential(1)}`,
    ...(dataFile === undefined ? [] : [`weights: ${dataFile}`]),
    output,
  ])
}
