import { ConvzooError, type ImageShape, imagenetPreprocessing } from '@convzoo/core'
import type { DataSource } from '@convzoo/data'
import type { InspectReport } from '@convzoo/data/inspect'
import { openSource, sourceDescription, wholeSource } from '@convzoo/run/config'
import { preprocessingOf, presetNames, resolveArchitecture } from '@convzoo/run/plugins'
import type { Command } from 'commander'
import { imageShape, numberBetween, wholeNumber } from '../terminal/arguments.js'
import { inspectLines } from '../terminal/inspection.js'
import { say, sayJson, warn } from '../terminal/output.js'
import { writeOutput } from '../terminal/output-file.js'
import { imageProgress } from '../terminal/progress.js'

interface PreviewFlags {
  readonly network: string
  readonly augment?: string
  readonly shorterSide?: number
  readonly input?: ImageShape
  readonly images: number
  readonly epochs: number
  readonly seed: number
  readonly output: string
}

interface InspectFlags {
  readonly validationSplit?: number
  readonly json?: boolean
  readonly sheet?: string
}

export function addData(program: Command): void {
  const data = program.command('data').description('What a source of images holds, and what a network will see of it.')
  data
    .command('inspect')
    .description('Counts per class, sizes, broken files, duplicates across the splits, mean and deviation.')
    .argument('<source>', sourceDescription)
    .option(
      '--validation-split <part>',
      'of each class set aside to validate on (0.2 of a source without splits)',
      numberBetween('--validation-split', 0.001, 0.9),
    )
    .option('--sheet <file>', 'a PNG with the first images of every class')
    .option('--json', 'for programs')
    .action(inspect)
  data
    .command('preview')
    .description('A PNG with images as the network will see them in training: a row an image, a column an epoch.')
    .argument('<source>', sourceDescription)
    .option('--network <id>', 'which network', 'alexnet')
    .option(
      '--augment <names>',
      `${presetNames.join(', ')}, or a list such as randomCrop,horizontalFlip (photographs: paper, the network's own)`,
    )
    .option(
      '--shorter-side <pixels>',
      "resize so, then cut the input out (photographs: the network's own)",
      wholeNumber('--shorter-side', 1),
    )
    .option('--input <HxWxC>', "the input instead of the network's own", imageShape('--input'))
    .option('--images <number>', 'how many', wholeNumber('--images', 1), 6)
    .option('--epochs <number>', 'how many of each', wholeNumber('--epochs', 1), 6)
    .option('--seed <number>', 'of the random numbers', wholeNumber('--seed', 0), 1)
    .option('-o, --output <file>', 'the picture', 'preview.png')
    .action(preview)
  for (const command of data.commands) command.exitOverride().showHelpAfterError('(add --help for the options)')
}

const tell = (line: string): void => void warn(line)

async function inspect(path: string, { json, sheet, validationSplit }: InspectFlags): Promise<void> {
  const { contactSheet, inspectImages } = await import('@convzoo/data/inspect')
  const { Screen } = await import('../terminal/screen.js')
  const source = await openFiles(path, validationSplit)
  const onProgress = imageProgress('inspected', new Screen())
  const report: InspectReport = await inspectImages(source.images, { onProgress })
  await (json === true ? sayJson(report) : say(inspectLines(report)))
  if (sheet === undefined) return
  const shape = [96, 96, 3] as const
  const preprocessing = { ...imagenetPreprocessing, shorterSide: 96 }
  const images = await source.load('train', {
    imageShape: shape,
    preprocessing,
    limit: 8 * source.classes.length,
    allowOneClass: true,
  })
  const batch = await images.batch(Array.from({ length: Math.min(images.length, mostOnSheet) }, (_, index) => index))
  await images.dispose?.()
  await writeOutput(sheet, await contactSheet(batch.images, { shape, preprocessing, columns: 8 }))
}

/** Images on a contact sheet. */
const mostOnSheet = 400

async function preview(path: string, flags: PreviewFlags): Promise<void> {
  const { contactSheet } = await import('@convzoo/data/inspect')
  const network = await resolveArchitecture(flags.network)
  const { input: shape = network.tag.defaults.input, images: wanted, epochs, seed, output } = flags
  const source = await openSource({ source: wholeSource(path) }, tell)
  const preprocessing = preprocessingOf(flags, network, source, shape)
  const dataset = await source.load('train', { imageShape: shape, preprocessing, limit: wanted, allowOneClass: true })
  const indices = Array.from({ length: Math.min(wanted, dataset.length) }, (_, index) => index)
  const size = shape[0] * shape[1] * shape[2]
  const seen = new Float32Array(indices.length * epochs * size)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const { images } = await dataset.batch(indices, { training: true, seed, epoch })
    for (const row of indices) seen.set(images.subarray(row * size, (row + 1) * size), (row * epochs + epoch) * size)
  }
  await dataset.dispose?.()
  await writeOutput(output, await contactSheet(seen, { shape, preprocessing, columns: epochs }))
  await say(`${indices.length} images in ${epochs} epochs: ${output}`)
}

/** A source whose images are files. */
async function openFiles(
  path: string,
  validationSplit: number | undefined,
): Promise<DataSource & Required<Pick<DataSource, 'images'>>> {
  const source = await openSource({ source: wholeSource(path), validationSplit }, tell)
  const { images } = source
  if (images !== undefined) return { ...source, images }
  throw new ConvzooError({
    kind: 'option',
    message: `${path} holds no image files to inspect.`,
    expected: 'a folder of photographs, a .tar or a .jsonl',
    received: source.name,
  })
}
