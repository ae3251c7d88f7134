import type { ImageShape } from '@convzoo/core'
import { sourceDescription } from '@convzoo/run/config'
import { presetNames } from '@convzoo/run/plugins'
import type { Command } from 'commander'
import { imageShape, numberBetween, wholeNumber } from '../terminal/arguments.js'
import { inspectLines } from '../terminal/inspection.js'
import { say, sayJson } from '../terminal/output.js'
import { writeOutput } from '../terminal/output-file.js'
import { watchedBy } from '../terminal/progress.js'
import { openScreen } from '../terminal/screen.js'

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

async function inspect(path: string, { json, sheet: file, validationSplit }: InspectFlags): Promise<void> {
  const { inspectData } = await import('@convzoo/run')
  const options = { validationSplit, sheet: file !== undefined, ...watchedBy(await openScreen()) }
  const { sheet, ...report } = await inspectData(path, options)
  await (json === true ? sayJson(report) : say(inspectLines(report)))
  if (file !== undefined && sheet !== undefined) await writeOutput(file, sheet)
}

async function preview(path: string, { output, ...flags }: PreviewFlags): Promise<void> {
  const { previewData } = await import('@convzoo/run')
  const { png, images, epochs } = await previewData(path, { ...flags, ...watchedBy(await openScreen()) })
  await writeOutput(output, png)
  await say(`${images} images in ${epochs} epochs: ${output}`)
}
