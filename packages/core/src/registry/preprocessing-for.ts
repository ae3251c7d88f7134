import type { ArchitectureTag, ImageShape, Preprocessing } from '../contracts/index.js'
import { matching, requireArguments } from '../options/index.js'
import { isShape } from '../shape.js'
import { preprocessedTag } from './kinds.js'

const imageShape = matching(
  '[height, width, channels]',
  (given): given is ImageShape => isShape(given) && given.length === 3,
)

/**
 * A network's preprocessing for an input that is not its default. The shorter side of pictures keeps its proportion to the input: 256
 * for 227 is 76 for 67. For an input of one channel, statistics of three become their mean, since grey is red, green and blue alike.
 *
 * @param input (H, W, C).
 * @example
 * import { alexnet } from '@convzoo/alexnet'
 * const { shorterSide } = preprocessingFor(alexnet.tags.notebook, [67, 67, 3]) // 76
 */
export function preprocessingFor(
  tag: Pick<ArchitectureTag, 'defaults' | 'preprocessing'>,
  input: ImageShape,
): Preprocessing {
  requireArguments('preprocessingFor', { tag: [preprocessedTag, tag], input: [imageShape, input] })
  const { defaults, preprocessing } = tag
  const [height, width, channels] = input
  const { shorterSide, mean, standardDeviation } = preprocessing
  const inChannels = (values: readonly number[]): readonly number[] =>
    channels === 1 && values.length === 3 ? [values.reduce((sum, value) => sum + value, 0) / 3] : values
  const longest = Math.max(height, width)
  const [defaultHeight, defaultWidth] = defaults.input
  return {
    ...preprocessing,
    mean: inChannels(mean),
    standardDeviation: inChannels(standardDeviation),
    ...(shorterSide === undefined
      ? {}
      : {
          // Never less than the input, which could not be cut out then.
          shorterSide: Math.max(longest, Math.round((longest * shorterSide) / Math.max(defaultHeight, defaultWidth))),
        }),
  }
}
