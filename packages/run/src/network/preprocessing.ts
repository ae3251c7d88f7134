import {
  type Augmentation,
  ConvzooError,
  type ImageShape,
  type Preprocessing,
  preprocessingFor,
  type ResolvedArchitecture,
  randomCropPreprocessing,
} from '@convzoo/core'
import { fieldsOf, isOptionsObject, matching, requireArguments, unusableOption } from '@convzoo/core/define'
import type { DataSource } from '@convzoo/data'
import { imageShapeOption } from '../config/shapes.js'

/** What may be said of the way from a picture to the network. */
export interface PreprocessingSettings {
  readonly shorterSide?: number | undefined
  readonly augment?: string | undefined
}

/** What is augmented unless the user says so himself. */
type OwnAugmentation = (network: Network) => readonly Augmentation[]

type Network = Pick<ResolvedArchitecture, 'architecture' | 'tag' | 'tagName'>

/** Ways of augmenting that have a name. */
const presets: Readonly<Record<string, OwnAugmentation>> = {
  none: () => [],
  paper: ({ architecture, tag, tagName }) => {
    const { augmentation = [] } = tag.preprocessing
    if (augmentation.length > 0) return augmentation
    throw new ConvzooError({
      kind: 'option',
      message: `The network ${architecture.name}.${tagName} declares no augmentation.`,
      expected: "a network that says how its paper's authors augmented",
      received: '--augment paper',
      hint: 'choose --augment modern, or a list such as randomCrop,horizontalFlip',
    })
  },
  modern: () => [
    { type: 'randomResizedCrop' },
    { type: 'horizontalFlip' },
    { type: 'randAugment' },
    { type: 'randomErasing', probability: 0.25 },
  ],
}

export const presetNames = Object.keys(presets)

/** Whose crops are taken for a network that declares none. */
const usual = { defaults: { input: [227, 227, 3], classes: 1000 }, preprocessing: randomCropPreprocessing } as const

/**
 * The preprocessing of a run. Photographs are seen as the network's paper has it; images in memory whole and as they are, by the
 * statistics of their set or else the network's, but in the range of bytes where the network's are. Both where the user does not say otherwise.
 *
 * @throws ConvzooError of kind `option` if an augmentation cannot be read.
 */
export function preprocessingOf(
  settings: PreprocessingSettings,
  network: Network,
  source: Pick<DataSource, 'images' | 'preprocessing'>,
  input: ImageShape,
): Preprocessing {
  requireArguments('preprocessingOf', {
    settings: [objectWith('{ shorterSide, augment }'), settings],
    network: [objectWith('a network that was resolved', 'architecture', 'tag'), network],
    source: [objectWith('where images come from'), source],
    input: [imageShapeOption, input],
  })
  const { shorterSide, augment } = settings
  const own = preprocessingFor(network.tag, input)
  const base = source.images === undefined ? inMemory(own, source.preprocessing) : own
  const augmentation = augment === undefined ? base.augmentation : augmentationOf(augment, network)
  const crops = augmentation?.some(({ type, ...options }) => type === 'randomCrop' && !('padding' in options)) === true
  const ownSide = augment === 'paper' ? own.shorterSide : base.shorterSide
  const side = shorterSide ?? ownSide ?? (crops ? (own.shorterSide ?? usualSide(input)) : undefined)
  return {
    ...base,
    ...(side === undefined ? {} : { shorterSide: side }),
    ...(augmentation === undefined ? {} : { augmentation }),
  }
}

/** A deviation of 1/255 is no statistic: it keeps pixels in the range of bytes, for which the weights of such a network start. */
export const keepsBytes = ({ standardDeviation }: Preprocessing): boolean =>
  standardDeviation.every((deviation) => deviation === 1 / 255)

function inMemory(own: Preprocessing, ofSet: Preprocessing | undefined): Preprocessing {
  const { resize, mean, standardDeviation, whitening } = own
  if (whitening !== undefined) return { resize, mean, standardDeviation, whitening }
  if (ofSet === undefined) return { resize, mean, standardDeviation }
  return keepsBytes(own) ? { ...ofSet, standardDeviation } : ofSet
}

const objectWith = (what: string, ...names: readonly string[]): ReturnType<typeof matching<object>> =>
  matching(what, (given): given is object => {
    const fields = isOptionsObject(given) ? fieldsOf(given) : undefined
    return fields !== undefined && names.every((name) => isOptionsObject(fields[name]))
  })

const usualSide = (input: ImageShape): number | undefined => preprocessingFor(usual, input).shorterSide

/** `paper`, or `randomCrop:padding=4,horizontalFlip`: names with their options, which the data package checks. */
function augmentationOf(text: string, network: Network): readonly Augmentation[] {
  const preset = Object.hasOwn(presets, text) ? presets[text] : undefined
  if (preset !== undefined) return preset(network)
  return text.split(',').map((part) => {
    const [type = '', ...options] = part.trim().split(':')
    const values = options.map((option) => {
      const [name = '', value = ''] = option.split('=')
      const numbers = value.split('..').map(Number)
      if (value === '' || numbers.some(Number.isNaN)) throw unreadable(text)
      return [name, numbers.length === 1 ? numbers[0] : numbers] as const
    })
    // Names and values come from the user: the dataset refuses those that are none.
    return { type, ...Object.fromEntries(values) } as Augmentation
  })
}

function unreadable(text: string): ConvzooError {
  return unusableOption('--augment', {
    expected: `${presetNames.join(', ')}, or names with options such as randomCrop:padding=4,randomErasing:area=0.02..0.2`,
    received: text,
  })
}
