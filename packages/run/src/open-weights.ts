import { ConvzooError, type ImageShape } from '@convzoo/core'
import { defineOptions, optional, requireArguments, text } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import type { PublishedWeights } from '@convzoo/plugins'
import { RunFolder } from '@convzoo/trainer'
import { imageShapeOption } from './config/shapes.js'
import { toldTo } from './listener.js'
import { openedWeights, type WeightsChoice } from './opened/open-weights.js'
import { type OpenRunOptions, openOptions, openRun } from './run.js'
import { TrainedNetwork } from './trained-network.js'
import { classesOption } from './weights/class-names.js'
import { findWeights } from './weights/find-weights.js'

export interface OpenWeightsOptions extends OpenRunOptions {
  /** Which network the weights of a file are of: an id such as `alexnet.torchvision`; by default the one that the file names. */
  readonly as?: string | undefined
  /**
   * Names of the classes, in the order of the outputs, or the path of a file that holds them, a line each; by default those that the file of
   * weights holds, or else numbers.
   */
  readonly classes?: string | readonly string[] | undefined
  /** [H, W, C] or `67x67x3`, that the network had in its training; the tag's own by default. */
  readonly input?: string | ImageShape | undefined
}

const weightsOptions = defineOptions({
  ...openOptions,
  as: optional(text),
  classes: optional(classesOption),
  input: optional(imageShapeOption),
})

/**
 * Opens weights, to use their network: those of a run, those of a safetensors file, those of a state dict of PyTorch's, of which nothing is
 * run, or those that an installed package ships, of which no code is run. A picture becomes an input as the run, or else the network's tag, has it.
 *
 * @param path A folder of a run, a file, or the name of a package or of its weights.
 * @throws ConvzooError of kind `file` if it cannot be read or holds other weights; of kind `option` if nobody says which network they are of,
 * or something is said anew of a run or a package, which know it.
 * @example
 * const network = await openWeights('alexnet.pth', { as: 'alexnet.torchvision', classes: 'imagenet.txt' })
 * const [best] = await network.predict(['holiday.jpg'], { top: 3 })
 * await network.dispose()
 */
export async function openWeights(path: string, options: OpenWeightsOptions = {}): Promise<TrainedNetwork> {
  requireArguments('openWeights', { path: [pathOption, path] })
  const { as, classes, input, engine = 'auto', ...listener } = weightsOptions.parse('openWeights', options)
  const place = await findWeights(path)
  if (place.kind === 'run') {
    await RunFolder.open(path)
    requireNothingElse(`The run in ${path}`, { as, classes, input })
    return openRun(path, { engine, ...listener })
  }
  const { published } = place
  if (published !== undefined) requireNothingElse(`The package of ${path}`, { as, classes, input })
  const choice = published === undefined ? { as, classes, input } : choiceOf(published)
  return new TrainedNetwork(await openedWeights(place.path, choice, engine, toldTo(listener)))
}

/** What a package says of its weights. */
const choiceOf = ({ network, classes, input }: PublishedWeights): WeightsChoice => ({ as: network, classes, input })

function requireNothingElse(knower: string, choice: WeightsChoice): void {
  const [said] = Object.entries(choice).filter(([, value]) => value !== undefined)
  if (said === undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: `${knower} knows its network, classes and input.`,
    expected: 'no other ones',
    received: said[0],
    hint: 'leave it out, or give a file of weights',
  })
}
