import { ConvzooError, type Dataset, printable, type Split, splitNames } from '@convzoo/core'
import type { BadImage } from '@convzoo/data'
import type { Command } from 'commander'
import { openRunSource, openSource, sourceFlag } from '../catalogs/datasets.js'
import { indexList, oneOf, wholeNumber } from '../terminal/arguments.js'
import { say, sayJson, sayRows, warn } from '../terminal/output.js'
import { type Prediction, predictionLines, predictionTable } from '../terminal/predictions.js'
import { imageProgress } from '../terminal/progress.js'
import { Screen } from '../terminal/screen.js'
import { badImagesOf } from '../training/bad-images.js'
import { lastSplit } from '../training/evaluated.js'
import { requireKnownClasses } from '../training/identity.js'
import { loadOptionsOf } from '../training/run-data.js'
import { addEngineOptions, type EngineFlags, type OpenedRun, openRun } from './open-run.js'

interface PredictFlags extends EngineFlags {
  readonly data?: string
  readonly split?: Split
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
    .option('--data <source>', `whose images: ${sourceFlag.description} (the run's own)`, sourceFlag.read)
    .option('--split <name>', `${splitNames.join(', ')} (test, or else validation)`, oneOf('--split', splitNames))
    .option('--index <list>', 'which images: 0-9, 3,5,8, or both mixed (0; of files all)', indexList('--index'))
    .option('--top <number>', 'classes an image', wholeNumber('--top', 1), 5)
    .option('--json', 'for programs')
    .option('--csv', 'for spreadsheets')
  addEngineOptions(command).action(predict)
}

async function predict(run: string, files: readonly string[], flags: PredictFlags): Promise<void> {
  const { json, csv } = flags
  requireFitting(files, flags)
  await using opened = await openRun(run, flags)
  const { images, index, nameOf } = files.length > 0 ? await givenFiles(files, opened) : await ownImages(opened, flags)
  let predictions: readonly Prediction[]
  try {
    predictions = await predictionsOf(opened, images, index, nameOf, flags.top, files.length === 0)
  } catch (error) {
    const bad = badImagesOf(images)
    const isTheirs = ConvzooError.isInstance(error) && error.kind === 'data' && bad.length >= index.length
    throw isTheirs ? nothingPredicted(bad, error) : error
  } finally {
    await images.dispose?.()
  }
  void warn(badImagesOf(images).map(({ name, reason }) => `skipped ${printable(name)}: ${printable(reason)}`))
  if (json === true) await sayJson(predictions)
  else if (csv === true) await sayRows(predictionTable(predictions))
  else await say(predictionLines(predictions))
}

/** Refuses options of which one would be ignored. */
function requireFitting(files: readonly string[], { data, split, index, json, csv }: PredictFlags): void {
  const ofSets = Object.entries({ '--data': data, '--split': split, '--index': index })
  const unused = files.length === 0 ? [] : ofSets.filter(([, value]) => value !== undefined).map(([name]) => name)
  if (unused.length > 0) throw unfit(`${unused.join(', ')} beside files`, 'files, or images of a set')
  if (json === true && csv === true) throw unfit('--json, --csv', 'one of them')
}

const unfit = (received: string, expected: string): ConvzooError =>
  new ConvzooError({ kind: 'option', message: 'These options of predict do not go together.', expected, received })

/** Images to predict, and what to call them. */
interface Chosen {
  readonly images: Dataset
  readonly index: readonly number[]
  readonly nameOf: (index: number) => string
}

async function ownImages({ config }: OpenedRun, { data, split, index = [0] }: PredictFlags): Promise<Chosen> {
  const { validationPart } = config.settings
  const source = data === undefined ? await openRunSource(config.settings) : await openSource({ data, validationPart })
  const chosen = split ?? lastSplit(source)
  const images = await source.load(chosen, { ...loadOptionsOf(config), allowOneClass: true })
  requireKnownClasses(config.classNames ?? images.classes, images)
  return { images, index, nameOf: (place) => `${images.name} ${chosen} ${place}` }
}

async function givenFiles(paths: readonly string[], { config }: OpenedRun): Promise<Chosen> {
  const { imageDataset, imageFiles } = await import('@convzoo/data')
  const classes = config.classNames ?? Array.from({ length: config.classes }, (_, label) => String(label))
  const listing = imageFiles(paths, classes)
  const images = imageDataset(listing, {
    ...loadOptionsOf(config),
    maxBad: listing.images.length + listing.refused.length,
  })
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
  const { classes = images.classes } = opened.trainer
  if (classes.length !== opened.config.classes) throw otherClasses(opened.config.classes, images)
  await opened.load({ predict: [{ samples: index.length, batchSize }] })
  const own = images.classes.length
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
      const [truth] = topClasses(batch.targets.subarray(row * own, (row + 1) * own), 1)
      predictions.push({
        image: nameOf(place),
        ...(truthIsKnown ? { truth: images.classes[truth?.index ?? 0] ?? '' } : {}),
        top: ranked.map(({ index: at, probability }) => ({ class: classes[at] ?? String(at), probability })),
      })
    }
    images.recycle?.(batch)
    done += indices.length
    onProgress(done, index.length)
  }
  return predictions
}

/** Of images none of which could be used. */
function nothingPredicted(bad: readonly BadImage[], cause: unknown): ConvzooError {
  const named = bad.map(({ name, reason }) => `${printable(name)} (${printable(reason)})`)
  return new ConvzooError({
    kind: 'data',
    message: bad.length === 1 ? `${named[0]} cannot be predicted.` : `None of ${bad.length} images can be predicted.`,
    expected: 'JPEG, PNG, WebP, GIF, TIFF or AVIF files',
    ...(bad.length === 1 ? {} : { received: named.join(', ') }),
    cause,
  })
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
