import { type ExportFormat, exportFormats, sourceDescription, wholeSource } from '@convzoo/run/config'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import { oneOf } from '../terminal/arguments.js'
import { say, sayJson } from '../terminal/output.js'
import { requireOutputFolder } from '../terminal/output-file.js'
import { watchedBy } from '../terminal/progress.js'
import { Screen } from '../terminal/screen.js'

interface ExportFlags {
  readonly format: ExportFormat
  readonly output: string
  readonly data?: string
  readonly externalData?: boolean
  readonly json?: boolean
}

export async function addExport(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('export')
    .description('A trained network as a model that other software runs, compared with the run on its own images.')
    .argument('<run>', 'the folder that `convzoo train` made')
    .requiredOption('-o, --output <file>', 'the file to write, such as model.onnx')
    .option('--format <name>', exportFormats.join(', '), oneOf('--format', exportFormats), 'onnx')
    .option('--data <source>', `whose images it is compared on: ${sourceDescription} (the run's own)`, wholeSource)
    .option('--external-data', 'weights in a file of their own beside it, as it has to be above 2 GB')
    .option('--json', 'for programs')
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string, flags: ExportFlags) => exportRun(run, flags, engine))
}

async function exportRun(path: string, flags: ExportFlags, engine: EngineChoice): Promise<void> {
  const { format, output, data, externalData, json } = flags
  requireOutputFolder(output)
  const { openRun } = await import('@convzoo/run')
  await using run = await openRun(path, { ...engine(), ...watchedBy(new Screen()) })
  const exported = await run.export(output, { format, data, externalData })
  if (json === true) return await sayJson(exported)
  const { input, output: given, opset, images, greatestDifference, dataFile } = exported
  await say([
    `${run.config.network.id} as ONNX, opset ${opset}: ${input} [N, …] → ${given}`,
    `on ${images} images it differs from the run by at most ${greatestDifference.toExponential(1)}`,
    ...(dataFile === undefined ? [] : [`weights: ${dataFile}`]),
    output,
  ])
}
