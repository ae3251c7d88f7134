import { type Augmentation, ConvzooError, type ImageShape, type Preprocessing } from '@convzoo/core'

/** What may be said of the way from a picture to the network. */
export interface PreprocessingSettings {
  readonly shorterSide: number | undefined
  readonly augment: string | undefined
}

/** Ways of augmenting that have a name. */
const presets: Readonly<Record<string, readonly Augmentation[]>> = {
  none: [],
  // Krizhevsky et al. 2012, §4.1, and those after them.
  paper: [{ type: 'randomCrop' }, { type: 'horizontalFlip' }, { type: 'pcaNoise' }],
  modern: [
    { type: 'randomResizedCrop' },
    { type: 'horizontalFlip' },
    { type: 'randAugment' },
    { type: 'randomErasing', probability: 0.25 },
  ],
}

export const presetNames = Object.keys(presets)

/** 256 for an input of 227, as the papers have it. */
const shorterSideOf = ([height, width]: ImageShape): number => Math.round((Math.max(height, width) * 256) / 227)

/** Statistics of colour for an input without colour: their means, since grey is red, green and blue alike. */
function inChannelsOf([, , channels]: ImageShape, base: Preprocessing): Preprocessing {
  const grey = (values: readonly number[]): readonly number[] =>
    channels === 1 && values.length === 3 ? [values.reduce((sum, value) => sum + value, 0) / 3] : values
  return { ...base, mean: grey(base.mean), standardDeviation: grey(base.standardDeviation) }
}

/**
 * The preprocessing of a run: the statistics of the set or the network, and what the user says of sizes and augmentation.
 *
 * @throws ConvzooError of kind `option` if an augmentation cannot be read.
 */
export function preprocessingOf(
  { shorterSide, augment }: PreprocessingSettings,
  ofColour: Preprocessing,
  input: ImageShape,
): Preprocessing {
  const base = inChannelsOf(input, ofColour)
  if (shorterSide === undefined && augment === undefined) return base
  const augmentation = augment === undefined ? base.augmentation : augmentationOf(augment)
  const crops = augmentation?.some(({ type, ...options }) => type === 'randomCrop' && !('padding' in options)) === true
  const side = shorterSide ?? base.shorterSide ?? (crops ? shorterSideOf(input) : undefined)
  return {
    ...base,
    ...(side === undefined ? {} : { shorterSide: side }),
    ...(augmentation === undefined ? {} : { augmentation }),
  }
}

/** `paper`, or `randomCrop:padding=4,horizontalFlip`: names with their options, which the data package checks. */
function augmentationOf(text: string): readonly Augmentation[] {
  const preset = Object.hasOwn(presets, text) ? presets[text] : undefined
  if (preset !== undefined) return preset
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
  return new ConvzooError({
    kind: 'option',
    message: 'The option --augment has a value that cannot be used.',
    expected: `${presetNames.join(', ')}, or names with options such as randomCrop:padding=4,randomErasing:area=0.02..0.2`,
    received: text,
  })
}
