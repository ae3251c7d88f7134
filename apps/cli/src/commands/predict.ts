import { ConvzooError, type Dataset } from '@convzoo/core'
import type { Command } from 'commander'
import { datasetNames, openSource } from '../catalogs/datasets.js'
import { indexList, oneOf, wholeNumber } from '../terminal/arguments.js'
import { type Prediction, predictionLines, predictionTable } from '../terminal/predictions.js'
import { imageProgress } from '../terminal/progress.js'
import { Screen } from '../terminal/screen.js'
import { badImagesOf } from '../training/bad-images.js'
import { loadOptionsOf } from '../training/job.js'
import { addEngineOptions, type EngineFlags, type OpenedRun, openRun } from './open-run.js'

interface PredictFlags extends EngineFlags {
  readonly dataset?: (typeof datasetNames)[number]
  readonly split: 'train' | 'test'
  readonly index?: readonly number[]
  readonly top: number
  readonly json?: boolean
  readonly csv?: boolean
}

export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .description('What a trained network takes images for: the most probable classes.')
    .argument('<run>', 'the folder that `convzoo train` made')
    .argument('[files...]', "images and folders of images, instead of the run's own")
    .option(
      '--dataset <name>',
      `whose images: ${datasetNames.join(', ')} (the run's own)`,
      oneOf('--dataset', datasetNames),
    )
    .option('--split <name>', 'train or test', oneOf('--split', ['train', 'test']), 'test')
    .option('--index <list>', 'which images: 0-9, 3,5,8, or both mixed (0; of files all)', indexList('--index'))
    .option('--top <number>', 'classes an image', wholeNumber('--top', 1), 5)
    .option('--json', 'for programs')
    .option('--csv', 'for spreadsheets')
  addEngineOptions(command).action(predict)
}

async function predict(run: string, files: readonly string[], flags: PredictFlags): Promise<void> {
  const { json, csv } = flags
  await using opened = await openRun(run, flags)
  const { images, index, nameOf } = files.length > 0 ? await givenFiles(files, opened) : await ownImages(opened, flags)
  const predictions = await predictionsOf(opened, images, index, nameOf, flags.top, files.length === 0)
  for (const { name, reason } of badImagesOf(images)) process.stderr.write(`skipped ${name}: ${reason}\n`)
  await images.dispose?.()
  if (json === true) process.stdout.write(`${JSON.stringify(predictions, null, 2)}\n`)
  else process.stdout.write(csv === true ? predictionTable(predictions) : predictionLines(predictions))
}

/** Images to predict, and what to call them. */
interface Chosen {
  readonly images: Dataset
  readonly index: readonly number[]
  readonly nameOf: (index: number) => string
}

async function ownImages({ config }: OpenedRun, { dataset, split, index = [0] }: PredictFlags): Promise<Chosen> {
  const { settings } = config
  const source = await openSource(dataset === undefined ? settings : { ...settings, dataset, data: undefined })
  const images = await source.load(split === 'test' ? (source.splits.at(-1) ?? split) : split, loadOptionsOf(config))
  return { images, index, nameOf: (place) => `${images.name} ${split} ${place}` }
}

async function givenFiles(paths: readonly string[], { config }: OpenedRun): Promise<Chosen> {
  const { imageDataset, imageFiles } = await import('@convzoo/data')
  const classes = config.classNames ?? Array.from({ length: config.classes }, (_, label) => String(label))
  const listing = imageFiles(paths, classes)
  const images = imageDataset(listing, { ...loadOptionsOf(config), maxBad: listing.images.length })
  return {
    images,
    index: listing.images.map((_, place) => place),
    nameOf: (place) => listing.images[place]?.name ?? '',
  }
}

async function predictionsOf(
  opened: OpenedRun,
  images: Dataset,
  index: readonly number[],
  nameOf: (index: number) => string,
  top: number,
  truthIsKnown: boolean,
): Promise<readonly Prediction[]> {
  const { prefetch, topClasses } = await import('@convzoo/trainer')
  const { classes } = images
  if (classes.length !== opened.config.classes) throw otherClasses(opened.config.classes, images)
  await opened.load({ predict: [{ samples: index.length, batchSize }] })
  const predictions: Prediction[] = []
  const onProgress = imageProgress('predicted', new Screen())
  const parts = Array.from({ length: Math.ceil(index.length / batchSize) }, (_, part) =>
    index.slice(part * batchSize, (part + 1) * batchSize),
  )
  const makers = parts.map((indices) => async () => ({ indices, batch: await images.batch(indices) }))
  let done = 0
  for await (const { item } of prefetch(makers, images)) {
    const { indices, batch } = item
    const probabilities = await opened.trainer.predict(batch.images, { batchSize })
    const skipped = new Set(batch.skipped)
    for (const [row, place] of indices.entries()) {
      if (skipped.has(row)) continue
      const ranked = topClasses(probabilities.subarray(row * classes.length, (row + 1) * classes.length), top)
      const [truth] = topClasses(batch.targets.subarray(row * classes.length, (row + 1) * classes.length), 1)
      predictions.push({
        image: nameOf(place),
        ...(truthIsKnown ? { truth: classes[truth?.index ?? 0] ?? '' } : {}),
        top: ranked.map(({ index: at, probability }) => ({ class: classes[at] ?? String(at), probability })),
      })
    }
    images.recycle?.(batch)
    done += indices.length
    onProgress(done, index.length)
  }
  return predictions
}

function otherClasses(expected: number, { name, classes }: Dataset): ConvzooError {
  return new ConvzooError({
    kind: 'shape',
    message: `${name} has other classes than the run was trained on.`,
    expected: `${expected} classes`,
    received: String(classes.length),
  })
}

/** Images at a time. */
const batchSize = 100
