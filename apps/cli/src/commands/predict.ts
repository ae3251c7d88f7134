import type { Command } from 'commander'
import { datasetNames, datasets } from '../catalogs/datasets.js'
import { indexList, oneOf, wholeNumber } from '../terminal/arguments.js'
import { predictionLines } from '../terminal/predictions.js'
import { addEngineOptions, type EngineFlags, openRun } from './open-run.js'

interface PredictFlags extends EngineFlags {
  readonly dataset?: (typeof datasetNames)[number]
  readonly split: 'train' | 'test'
  readonly index: readonly number[]
  readonly top: number
  readonly json?: boolean
}

/** What the network takes an image for. */
export interface Prediction {
  /** Which image. */
  readonly image: string
  /** Its true class, where that is known. */
  readonly truth?: string
  readonly top: readonly { readonly class: string; readonly probability: number }[]
}

export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .description('What a trained network takes images for: the most probable classes.')
    .argument('<run>', 'the folder that `convzoo train` made')
    .option(
      '--dataset <name>',
      `whose images: ${datasetNames.join(', ')} (the run's own)`,
      oneOf('--dataset', datasetNames),
    )
    .option('--split <name>', 'train or test', oneOf('--split', ['train', 'test']), 'test')
    .option('--index <list>', 'which images: 0-9, 3,5,8, or both mixed', indexList('--index'), [0])
    .option('--top <number>', 'classes an image', wholeNumber('--top', 1), 5)
    .option('--json', 'for programs')
  addEngineOptions(command).action(predict)
}

async function predict(run: string, { dataset, split, index, top, json, ...engine }: PredictFlags): Promise<void> {
  const { topClasses } = await import('@convzoo/trainer')
  await using opened = await openRun(run, engine)
  const { trainer, config } = opened
  const { input } = config.settings
  const images = await datasets[dataset ?? config.settings.dataset].load({ split, imageShape: input })
  const { classes } = images
  await opened.load({ predict: [{ samples: index.length, batchSize }] })
  const predictions: Prediction[] = []
  for (let start = 0; start < index.length; start += batchSize) {
    const indices = index.slice(start, start + batchSize)
    const batch = await images.batch(indices)
    const probabilities = await trainer.predict(batch.images, { batchSize })
    for (const [row, place] of indices.entries()) {
      const ranked = topClasses(probabilities.subarray(row * classes.length, (row + 1) * classes.length), top)
      const [truth] = topClasses(batch.targets.subarray(row * classes.length, (row + 1) * classes.length), 1)
      predictions.push({
        image: `${images.name} ${split} ${place}`,
        truth: classes[truth?.index ?? 0] ?? '',
        top: ranked.map(({ index: at, probability }) => ({ class: classes[at] ?? String(at), probability })),
      })
    }
  }
  process.stdout.write(json === true ? `${JSON.stringify(predictions, null, 2)}\n` : predictionLines(predictions))
}

/** Images at a time. */
const batchSize = 100
