import { join } from 'node:path'
import type { Split } from '@convzoo/core'
import { splitNames } from '@convzoo/core/define'
import { given, sourceDescription, type VisualizeMethod, visualizeMethods, wholeSource } from '@convzoo/run/config'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import { openNetwork } from '../flags/open-network.js'
import { addWeightsFlags, networkArgument, type WeightsFlags } from '../flags/weights-flags.js'
import { indexList, oneOf, wholeNumber } from '../terminal/arguments.js'
import { say, sayJson } from '../terminal/output.js'
import { requireOutputFolder, writeOutput } from '../terminal/output-file.js'

interface VisualizeFlags extends WeightsFlags {
  readonly method: VisualizeMethod
  readonly output: string
  readonly images?: readonly string[]
  readonly data?: string
  readonly split?: Split
  readonly index?: readonly number[]
  readonly layer?: string
  readonly units?: readonly number[]
  readonly count?: number
  readonly class?: string
  readonly square?: number
  readonly stride?: number
  readonly samples?: number
  readonly steps?: number
  readonly json?: boolean
}

export async function addVisualize(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('visualize')
    .description(
      'What a trained network saw, as pictures and a page: its filters, and what of images speaks for what it found.',
    )
    .argument('[run]', networkArgument)
    .requiredOption('--method <name>', visualizeMethods.join(', '), oneOf('--method', visualizeMethods))
    .requiredOption('-o, --output <folder>', 'where the pictures and index.html are written')
    .option('--images <paths...>', "images and folders of images, instead of the run's own")
    .option('--data <source>', `whose images: ${sourceDescription} (the run's own)`, wholeSource)
    .option('--split <name>', `${splitNames.join(', ')} (test, or else validation)`, oneOf('--split', splitNames))
    .option('--index <list>', 'which images: 0-9, 3,5,8, or both mixed (0; of a deconvnet all)', indexList('--index'))
    .option('--layer <name>', 'a layer, as summary lists them (the first or the last convolution)')
    .option('--units <list>', 'maps of a deconvnet: 0-9, 3,5,8 (the nine most active)', indexList('--units'))
    .option('--count <number>', 'images for each of them (9)', wholeNumber('--count', 1))
    .option('--class <name>', 'the class that is asked about (the one that an image is taken for)')
    .option('--square <pixels>', 'a side of what covers (a fifth of the image)', wholeNumber('--square', 1))
    .option('--stride <pixels>', 'from one place of it to the next (a third of it)', wholeNumber('--stride', 1))
    .option('--samples <number>', 'noisy copies of smooth-grad (50)', wholeNumber('--samples', 1))
    .option('--steps <number>', 'of integrated-gradients (50)', wholeNumber('--steps', 1))
    .option('--json', 'for programs')
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string | undefined, flags: VisualizeFlags) => visualize(run, flags, engine))
}

async function visualize(run: string | undefined, flags: VisualizeFlags, engine: EngineChoice): Promise<void> {
  const { method, output, json, images, data, split, index, layer, units, count, square, stride, samples, steps } =
    flags
  requireOutputFolder(output)
  await using network = await openNetwork('visualize', run, flags, engine)
  const asked = { images, data, split, index, layer, units, count, class: flags.class, square, stride, samples, steps }
  const { pictures, page } = await network.visualize({ method, ...given(asked) })
  const { makeFolder } = await import('@convzoo/files')
  await makeFolder(output)
  for (const { name, png } of pictures) await writeOutput(join(output, `${name}.png`), png)
  const whole = join(output, 'index.html')
  await writeOutput(whole, page)
  const files = pictures.map(({ name, caption }) => ({ file: join(output, `${name}.png`), caption }))
  if (json === true) return await sayJson({ page: whole, pictures: files })
  await say([...files.map(({ file, caption }) => `${file}  ${caption}`), whole])
}
