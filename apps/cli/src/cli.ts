#!/usr/bin/env node
import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import { addData } from './commands/data.js'
import { addDoctor } from './commands/doctor.js'
import { addEvaluate } from './commands/evaluate.js'
import { addList } from './commands/list.js'
import { addPlot } from './commands/plot.js'
import { addPredict } from './commands/predict.js'
import { addSummary } from './commands/summary.js'
import { addTrain } from './commands/train.js'
import { reportError } from './terminal/errors.js'

const manifest: { readonly version: string } = createRequire(import.meta.url)('../package.json')

const program = new Command('convzoo')
  .description('Classic convolutional networks: describe them, train them, evaluate them.')
  .version(manifest.version)
  .option('--debug', 'print the stack of an error')
  .exitOverride()
  .showHelpAfterError('(add --help for the options)')

for (const add of [addList, addSummary, addPlot, addTrain, addEvaluate, addData, addPredict, addDoctor]) add(program)
for (const command of program.commands) command.exitOverride().showHelpAfterError('(add --help for the options)')

try {
  await program.parseAsync(process.argv, { from: 'node' })
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = reportError(error, process.argv.includes('--debug'))
}
