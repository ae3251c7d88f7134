import type { Augmentation, ConvzooError, ImageShape, Preprocessing } from '@convzoo/core'
import { describeValue, formatShape, unusableOption } from '@convzoo/core/define'
import { largestMagnitude } from './rand-augment.js'

type Check = (value: unknown) => boolean

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const within =
  (low: number, high: number): Check =>
  (value) =>
    isNumber(value) && value >= low && value <= high
const whole =
  (low: number, high: number): Check =>
  (value) =>
    within(low, high)(value) && Number.isInteger(value)
const range =
  (low: number, high: number): Check =>
  (value) =>
    Array.isArray(value) && value.length === 2 && value.every(within(low, high)) && value[0] <= value[1] && value[0] > 0
const numbers: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isNumber)
const matrix: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(numbers)

/** Every augmentation's options and what they may be. */
const options: Readonly<Record<Augmentation['type'], Readonly<Record<string, readonly [Check, string]>>>> = {
  randomCrop: { padding: [whole(0, 1024), 'a whole number from 0 to 1024'] },
  randomResizedCrop: {
    area: [range(0, 1), 'two parts of 1, such as [0.08, 1]'],
    ratio: [range(0, 100), 'two ratios, such as [0.75, 1.33]'],
  },
  horizontalFlip: { probability: [within(0, 1), 'a number from 0 to 1'] },
  pcaNoise: {
    deviation: [within(0, 10), 'a number from 0 to 10'],
    eigenvalues: [numbers, 'a number a channel'],
    eigenvectors: [matrix, 'a list of numbers for each eigenvalue'],
  },
  colorJitter: {
    brightness: [within(0, 1), 'a number from 0 to 1'],
    contrast: [within(0, 1), 'a number from 0 to 1'],
    saturation: [within(0, 1), 'a number from 0 to 1'],
  },
  randAugment: {
    operations: [whole(0, 14), 'a whole number from 0 to 14'],
    magnitude: [within(0, largestMagnitude), `a number from 0 to ${largestMagnitude}`],
  },
  randomErasing: {
    probability: [within(0, 1), 'a number from 0 to 1'],
    area: [range(0, 1), 'two parts of 1, such as [0.02, 0.33]'],
    ratio: [range(0, 100), 'two ratios, such as [0.3, 3.3]'],
  },
  mixup: { alpha: [within(1e-3, 1000), 'a number greater than 0'] },
  cutmix: { alpha: [within(1e-3, 1000), 'a number greater than 0'] },
}

const augmentationNames = Object.keys(options)

/**
 * Refuses augmentations and sizes that cannot be used together.
 *
 * @throws ConvzooError of kind `option`.
 */
export function requirePreprocessing(preprocessing: Preprocessing, shape: ImageShape): void {
  const { shorterSide, exactPixels, augmentation = [] } = preprocessing
  if (exactPixels !== undefined && typeof exactPixels !== 'boolean') {
    throw unusable('exactPixels', 'true or false', exactPixels)
  }
  if (shorterSide !== undefined) {
    if (!whole(1, 2 ** 15)(shorterSide)) throw unusable('shorterSide', 'a whole number from 1 to 32768', shorterSide)
    if (shorterSide < Math.max(shape[0], shape[1])) {
      throw unusable('shorterSide', `at least the input's sides, ${formatShape(shape)}`, shorterSide)
    }
  }
  for (const each of augmentation) requireAugmentation(each)
  const cropping = augmentation.filter(({ type }) => type === 'randomCrop' || type === 'randomResizedCrop')
  if (cropping.length > 1) throw unusable('augmentation', 'one of randomCrop and randomResizedCrop', augmentation)
  for (const each of augmentation) {
    const colours = each.type === 'pcaNoise' ? (each.eigenvectors?.[0]?.length ?? 3) : undefined
    const isGrey = shape[2] === 1 && colours === 3
    if (colours !== undefined && colours !== shape[2] && !isGrey) {
      throw unusable('augmentation', `eigenvectors of ${shape[2]} channels for pcaNoise`, `${colours} channels`)
    }
  }
}

function requireAugmentation(augmentation: Augmentation): void {
  const { type, ...given } = augmentation
  if (!Object.hasOwn(options, type)) throw unusable('augmentation', `one of ${augmentationNames.join(', ')}`, type)
  const known = options[type]
  for (const [name, value] of Object.entries(given)) {
    const [fits, expected] = known[name] ?? [
      () => false,
      `one of the options of ${type}: ${Object.keys(known).join(', ')}`,
    ]
    if (!fits(value)) throw unusable(`augmentation.${type}.${name}`, expected, value)
  }
}

function unusable(option: string, expected: string, received: unknown): ConvzooError {
  return unusableOption(`"preprocessing.${option}"`, { expected, received: describeValue(received) })
}
