import { ConvzooError, type Dataset, type Preprocessing } from '@convzoo/core'
import type { Mistake } from '@convzoo/trainer'
import type { Command } from 'commander'
import { openSource } from '../catalogs/datasets.js'
import { oneOf, wholeNumber } from '../terminal/arguments.js'
import { mistakesPng, mostMistakes } from '../terminal/mistakes.js'
import { writeOutput } from '../terminal/output-file.js'
import { imageProgress, percent } from '../terminal/progress.js'
import { Screen } from '../terminal/screen.js'
import { badImageLines } from '../training/bad-images.js'
import { cacheOptionsOf } from '../training/cache.js'
import { loadOptionsOf } from '../training/job.js'
import { addEngineOptions, type EngineFlags, openRun } from './open-run.js'

/** What of each image is seen. */
const crops = ['one', 'ten'] as const
type Crops = (typeof crops)[number]

interface EvaluateFlags extends EngineFlags {
  readonly limit?: number
  readonly batchSize?: number
  readonly mistakes?: string
  readonly crops: Crops
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('How well a trained network does on the test images: loss, top-1, top-5, confusion matrix.')
    .argument('<run>', 'the folder that `convzoo train` made')
    .option('--limit <images>', 'only the first so many test images', wholeNumber('--limit', 1))
    .option('--batch-size <number>', 'images at a time (100)', wholeNumber('--batch-size', 1))
    .option(
      '--crops <number>',
      'one, the centre, or ten, as the papers have it: the mean',
      oneOf('--crops', crops),
      'one',
    )
    .option('--mistakes <file>', `a PNG with the ${mostMistakes} mistakes of the highest losses`)
  addEngineOptions(command).action(evaluate)
}

async function evaluate(
  run: string,
  { limit, batchSize = 100, mistakes: sheet, crops: seen, ...engine }: EvaluateFlags,
): Promise<void> {
  await using opened = await openRun(run, engine)
  const { trainer, config } = opened
  if (seen === 'ten') requireCrops(run, config.preprocessing)
  const source = await openSource(config.settings)
  const test = await source.load(source.splits.at(-1) ?? 'test', {
    ...loadOptionsOf(config, limit),
    ...cacheOptionsOf(config.settings, 'once'),
    onWarning: (line) => process.stderr.write(`${line}\n`),
  })
  await opened.load({ evaluate: [{ samples: test.length, batchSize }] })
  const result = await trainer.evaluate(test, {
    batchSize,
    views: seen === 'ten' ? 10 : 1,
    onEvaluated: imageProgress('evaluated', new Screen()),
    ...(sheet === undefined ? {} : { mistakes: mostMistakes }),
  })
  for (const line of badImageLines(test)) process.stderr.write(`${line}\n`)
  const width =
    Math.max(...test.classes.map((name) => name.length), ...result.confusion.flat().map((n) => String(n).length)) + 1
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell) => String(cell).padStart(width)).join('')
  process.stdout.write(`${result.samples} test images of ${test.name}; rows are true classes, columns predicted ones\n`)
  process.stdout.write(`${row(['', ...test.classes])}\n`)
  for (const [index, counts] of result.confusion.entries()) {
    process.stdout.write(`${row([test.classes[index] ?? '', ...counts])}\n`)
  }
  process.stdout.write(`loss ${result.loss.toFixed(4)}\ntop-5 accuracy ${percent(result.top5)}\n`)
  process.stdout.write(`test accuracy ${percent(result.top1)}\n`)
  if (sheet !== undefined) await drawMistakes(sheet, result.mistakes ?? [], test, config.preprocessing)
  await test.dispose?.()
}

/** Where images are resized to the input itself, all crops are the same. */
function requireCrops(run: string, { shorterSide }: Preprocessing): void {
  if (shorterSide !== undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: `The run in ${run} sees images whole: there are no crops of them.`,
    expected: 'a run that was trained on photographs, or with --shorter-side or --augment paper',
    received: '--crops ten',
    mend: 'leave --crops out',
  })
}

async function drawMistakes(
  path: string,
  mistakes: readonly Mistake[],
  test: Dataset,
  preprocessing: Preprocessing,
): Promise<void> {
  if (mistakes.length === 0) {
    process.stderr.write(`There are no mistakes to draw; ${path} was not written.\n`)
    return
  }
  await writeOutput(path, await mistakesPng(mistakes, test, preprocessing))
  process.stderr.write(`${mistakes.length} mistakes: ${path}\n`)
}
