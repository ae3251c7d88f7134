import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import './brought.js'
import { addBench } from './commands/bench.js'
import { addData } from './commands/data.js'
import { addDiagnose } from './commands/diagnose.js'
import { addDoctor } from './commands/doctor.js'
import { addEvaluate } from './commands/evaluate.js'
import { addExport } from './commands/export.js'
import { addImport } from './commands/import.js'
import { addList } from './commands/list.js'
import { addLive } from './commands/live.js'
import { addPlot } from './commands/plot.js'
import { addPredict } from './commands/predict.js'
import { addRuns } from './commands/runs.js'
import { addServe } from './commands/serve.js'
import { addSummary } from './commands/summary.js'
import { addTrain } from './commands/train.js'
import { addVisualize } from './commands/visualize.js'
import { reportError } from './terminal/errors.js'
import { keepNohup } from './terminal/interruption.js'
import { asksForJson } from './terminal/log-format.js'
import { linesOf, sayText, warn, warnJsonLine } from './terminal/output.js'

const manifest: { readonly version: string } = createRequire(import.meta.url)('../package.json')

const [, , ...parameters] = process.argv
const json = asksForJson(parameters)

const program = new Command('convzoo')
  .description('Classic convolutional networks: describe them, train them, evaluate them.')
  .version(manifest.version)
  .option('--debug', 'print the stack of an error')
  .exitOverride()
  .showHelpAfterError('(add --help for the options)')
  .configureOutput({
    writeOut: (text) => void sayText(text),
    // Beside an error in JSON there is nothing else.
    writeErr: (text) => void (json || warn(linesOf(text))),
    outputError(text) {
      // What was given may hold anything, so all of it stays on one line.
      const line = text.trimEnd().replace(/\n(?=\(Did you mean [^\n]+\)$)/, ' ')
      if (!json) void warn(line)
      else void warnJsonLine({ type: 'error', kind: 'option', what: line.replace(/^error: /, ''), exitCode: 2 })
    },
  })
keepNohup()
try {
  for (const add of [
    addList,
    addSummary,
    addPlot,
    addTrain,
    addEvaluate,
    addRuns,
    addData,
    addPredict,
    addVisualize,
    addDiagnose,
    addServe,
    addLive,
    addImport,
    addExport,
    addBench,
    addDoctor,
  ]) {
    await add(program, parameters)
  }
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(add --help for the options)')
  await program.parseAsync(process.argv, { from: 'node' })
} catch (error) {
  // Help and the version end so, too.
  const helped = error instanceof CommanderError && error.exitCode === 0
  if (error instanceof CommanderError && !helped) process.exitCode = 2
  else if (!helped) process.exitCode = reportError(error, { debug: parameters.includes('--debug'), json })
}
