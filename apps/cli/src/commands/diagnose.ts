import { printable } from '@convzoo/core/define'
import { given } from '@convzoo/run/config'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import { addEvaluatedFlags, type EvaluatedFlags } from '../flags/evaluated-flags.js'
import { openNetwork } from '../flags/open-network.js'
import { addWeightsFlags, networkArgument, type WeightsFlags } from '../flags/weights-flags.js'
import { wholeNumber } from '../terminal/arguments.js'
import { evaluationJson } from '../terminal/evaluation.js'
import { say, sayJson } from '../terminal/output.js'
import { requireOutputFolder, writeOutput } from '../terminal/output-file.js'

interface DiagnoseFlags extends WeightsFlags, EvaluatedFlags {
  readonly output: string
  readonly samples?: number
  readonly mistakes?: number
  readonly json?: boolean
}

export async function addDiagnose(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('diagnose')
    .description(
      'What may be wrong inside of a trained network, each with its number and what to try: units that are dead or saturated, filters that are there twice, strides that are too large, layers without a gradient; and how it errs.',
    )
    .argument('[run]', networkArgument)
    .requiredOption('-o, --output <file>', 'the page that is written, such as diagnosis.html')
  addEvaluatedFlags(command)
  command
    .option('--samples <images>', 'of them, so many are looked at inside (500)', wholeNumber('--samples', 1))
    .option('--mistakes <number>', 'of the worst mistakes, so many are shown (8)', wholeNumber('--mistakes', 1))
    .option('--json', 'for programs')
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string | undefined, flags: DiagnoseFlags) => diagnose(run, flags, engine))
}

async function diagnose(run: string | undefined, flags: DiagnoseFlags, engine: EngineChoice): Promise<void> {
  const { output, json, data, split, limit, samples, mistakes } = flags
  requireOutputFolder(output)
  await using network = await openNetwork('diagnose', run, flags, engine)
  const found = await network.diagnose(given({ data, split, limit, samples, mistakes }))
  const { verdict, findings, confused, evaluation, page } = found
  await writeOutput(output, page)
  if (json === true) {
    return await sayJson({ page: output, verdict, findings, confused, evaluation: evaluationJson(evaluation) })
  }
  await say([
    verdict,
    ...findings.flatMap(({ severity, says, advice }) => [`${severity.padEnd(7)} ${says}`, `        to try: ${advice}`]),
    ...confused
      .slice(0, 3)
      .map(
        ({ truth, predicted, count }) =>
          `mistake ${printable(truth)} is taken for ${printable(predicted)}: ${count} ${count === 1 ? 'image' : 'images'}`,
      ),
    output,
  ])
}
