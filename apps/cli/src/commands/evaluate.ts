import { createModel } from '@convzoo/core'
import type { Command } from 'commander'
import { datasets } from '../catalogs/datasets.js'
import { deviceNames, engineNames, engines } from '../catalogs/engines.js'
import { architectures } from '../catalogs/plugins.js'
import { oneOf, wholeNumber } from '../terminal/arguments.js'
import { percent } from '../terminal/progress.js'
import { decodeConfig } from '../training/config.js'

interface EvaluateFlags {
  readonly limit?: number
  readonly batchSize?: number
  readonly engine: (typeof engineNames)[number]
  readonly device: (typeof deviceNames)[number]
  readonly threads?: number
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('How well a trained network does on the test images: loss, top-1, top-5, confusion matrix.')
    .argument('<run>', 'the folder that `convzoo train` made')
    .option('--limit <images>', 'only the first so many test images', wholeNumber('--limit', 1))
    .option('--batch-size <number>', 'images at a time (100)', wholeNumber('--batch-size', 1))
    .option('--engine <name>', engineNames.join(', '), oneOf('--engine', engineNames), 'onnx')
    .option('--device <name>', deviceNames.join(', '), oneOf('--device', deviceNames), 'cpu')
    .option('--threads <number>', 'threads (all)', wholeNumber('--threads', 1))
    .action(evaluate)
}

async function evaluate(
  run: string,
  { limit, batchSize = 100, engine, device, threads }: EvaluateFlags,
): Promise<void> {
  const { RunFolder, Trainer } = await import('@convzoo/trainer')
  const folder = await RunFolder.open(run)
  const { id, classes, settings } = decodeConfig(await folder.readConfig())
  const { input, dataset } = settings
  const test = await datasets[dataset].load({
    split: 'test',
    imageShape: input,
    ...(limit === undefined ? {} : { limit }),
  })
  const { architecture, tagName } = architectures().resolve(id)
  await using trainer = new Trainer({
    model: createModel(architecture, { tag: tagName, input, classes }),
    engine: await engines[engine]({ device, ...(threads === undefined ? {} : { threads }) }),
  })
  await trainer.prepare({ evaluate: [{ samples: test.length, batchSize }] })
  await folder.readWeights((tensors) => trainer.writeWeights(tensors))
  const result = await trainer.evaluate(test, { batchSize })
  const width =
    Math.max(...test.classes.map((name) => name.length), ...result.confusion.flat().map((n) => String(n).length)) + 1
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell) => String(cell).padStart(width)).join('')
  process.stdout.write(`${test.length} test images of ${test.name}; rows are true classes, columns predicted ones\n`)
  process.stdout.write(`${row(['', ...test.classes])}\n`)
  for (const [index, counts] of result.confusion.entries()) {
    process.stdout.write(`${row([test.classes[index] ?? '', ...counts])}\n`)
  }
  process.stdout.write(`loss ${result.loss.toFixed(4)}\ntop-5 accuracy ${percent(result.top5)}\n`)
  process.stdout.write(`test accuracy ${percent(result.top1)}\n`)
}
