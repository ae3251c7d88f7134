import { ConvzooError, type Dataset, type Preprocessing, printable } from '@convzoo/core'
import type { Evaluation, Mistake } from '@convzoo/trainer'
import type { Command } from 'commander'
import { sourceFlag } from '../catalogs/datasets.js'
import { oneOf, wholeNumber } from '../terminal/arguments.js'
import { mistakesPng, mostMistakes } from '../terminal/mistakes.js'
import { say, warn } from '../terminal/output.js'
import { writeOutput } from '../terminal/output-file.js'
import { imageProgress, percent } from '../terminal/progress.js'
import { Screen } from '../terminal/screen.js'
import { badImageLines } from '../training/bad-images.js'
import type { RunConfig } from '../training/config.js'
import { type EvaluatedSplit, evaluatedSplits, openEvaluated } from '../training/evaluated.js'
import { addEngineOptions, type EngineFlags, openRun } from './open-run.js'

/** What of each image is seen. */
const crops = ['one', 'ten'] as const
type Crops = (typeof crops)[number]

interface EvaluateFlags extends EngineFlags {
  readonly data?: string
  readonly split?: EvaluatedSplit
  readonly limit?: number
  readonly batchSize?: number
  readonly mistakes?: string
  readonly crops: Crops
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description(
      'How well a trained network does on images that it has not learnt from: loss, top-1, top-5, confusion matrix.',
    )
    .argument('<run>', 'the folder that `convzoo train` made')
    .option('--data <source>', `other images: ${sourceFlag.description} (the run's own)`, sourceFlag.read)
    .option(
      '--split <name>',
      `${evaluatedSplits.join(', ')} (test, or else validation; other images without splits: all)`,
      oneOf('--split', evaluatedSplits),
    )
    .option('--limit <images>', 'only the first so many images of a split', wholeNumber('--limit', 1))
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

async function evaluate(run: string, flags: EvaluateFlags): Promise<void> {
  const { data, split: wanted, limit, batchSize = 100, mistakes: sheet, crops: seen } = flags
  await using opened = await openRun(run, flags)
  const { trainer, config } = opened
  if (seen === 'ten') requireCrops(run, config.preprocessing)
  const { dataset, split } = await openEvaluated(config, { data, split: wanted, limit }, (line) => void warn(line))
  try {
    await opened.load({ evaluate: [{ samples: dataset.length, batchSize }] })
    const result = await trainer.evaluate(dataset, {
      batchSize,
      views: seen === 'ten' ? 10 : 1,
      onEvaluated: imageProgress('evaluated', new Screen()),
      ...(sheet === undefined ? {} : { mistakes: mostMistakes }),
    })
    void warn(badImageLines(dataset))
    const classes = trainer.classes ?? dataset.classes
    const words = wordsOf[split]
    await say([
      `${result.samples} ${words}images of ${printable(dataset.name)}; rows are true classes, columns predicted ones`,
      ...confusionLines(result.confusion, classes),
      `loss ${result.loss.toFixed(4)}`,
      `top-5 accuracy ${percent(result.top5)}`,
      `${words}accuracy ${percent(result.top1)}`,
    ])
    if (sheet !== undefined) await drawMistakes(sheet, { mistakes: result.mistakes ?? [], dataset, classes }, config)
  } finally {
    await dataset.dispose?.()
  }
}

/** What stands before "images" and "accuracy". */
const wordsOf = { train: 'training ', validation: 'validation ', test: 'test ', all: '' } as const

/** The matrix, with the classes before rows and above columns. */
function confusionLines(confusion: Evaluation['confusion'], classes: readonly string[]): readonly string[] {
  const names = classes.map((name) => printable(name, widestClass))
  const cells = [['', ...names], ...confusion.map((counts, index) => [names[index] ?? '', ...counts.map(String)])]
  const width = cells.flat().reduce((most, { length }) => Math.max(most, length), 0) + 1
  return cells.map((row) => row.map((each) => each.padStart(width)).join(''))
}

/** UTF-16 units of a class in the matrix, where each column is as wide as the widest. */
const widestClass = 20

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

interface Drawn {
  readonly mistakes: readonly Mistake[]
  readonly dataset: Dataset
  /** In the order of the network's outputs. */
  readonly classes: readonly string[]
}

async function drawMistakes(path: string, drawn: Drawn, { preprocessing }: RunConfig): Promise<void> {
  const { mistakes, dataset, classes } = drawn
  if (mistakes.length === 0) {
    void warn(`There are no mistakes to draw; ${path} was not written.`)
    return
  }
  await writeOutput(path, await mistakesPng(mistakes, { dataset, classes, preprocessing }))
  void warn(`${mistakes.length} mistakes: ${path}`)
}
