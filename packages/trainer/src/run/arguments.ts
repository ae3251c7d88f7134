import {
  defineOptions,
  functionOf,
  integer,
  isFloat32Array,
  isNumbers,
  isOptionsObject,
  matching,
  oneOf,
  optional,
  sizeOf,
  text,
} from '@convzoo/core'
import { pathOption } from '@convzoo/files'
import { specsOption } from '../tensors.js'
import type { Trainer } from '../trainer.js'
import type { MeanImage } from './mean-image.js'

/** What the functions of a run folder take one by one, checked as options are. */

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** What JSON gives back as it is written; an instance of a class, or what JSON leaves out, is none. */
const jsonOption = matching('an object that JSON can hold', (value): value is object => {
  if (!isOptionsObject(value)) return false
  try {
    const written: unknown = JSON.parse(JSON.stringify(value))
    return isOptionsObject(written) && Object.keys(written).length === Object.values(value).filter(isSaid).length
  } catch {
    return false
  }
})

const isSaid = (value: unknown): boolean => value !== undefined

const trainerOption = matching('a Trainer', (value): value is Trainer => {
  const methods = ['saveCheckpoint', 'loadCheckpoint', 'readState']
  return isOptionsObject(value) && methods.every((name) => typeof Reflect.get(value, name) === 'function')
})

const meanImageOption = matching(
  'a mean image: { shape: [height, width, channels], data } with a Float32Array of as many values',
  (value): value is MeanImage => {
    if (!isOptionsObject(value)) return false
    const { shape, data }: Partial<Record<keyof MeanImage, unknown>> = value
    return isSizes(shape) && shape.length === 3 && isFloat32Array(data) && data.length === sizeOf(shape)
  },
)

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 1)

const rowsOption = matching(
  'rows of counts, one of each class',
  (value): value is readonly (readonly number[])[] => Array.isArray(value) && value.every(isNumbers),
)

export const folderArguments = defineOptions({ path: pathOption })
export const createArguments = defineOptions({
  path: pathOption,
  config: jsonOption,
  meanImage: optional(meanImageOption),
})
export const configArguments = defineOptions({ config: jsonOption })
export const environmentArguments = defineOptions({ environment: jsonOption })
export const confusionArguments = defineOptions({
  rows: rowsOption,
  classes: matching('a list of names', isTexts),
})
export const pictureArguments = defineOptions({ name: oneOf('curves', 'confusion'), svg: text })
export const fileArguments = defineOptions({ file: text })
export const weightsArguments = defineOptions({ weights: specsOption, trainer: trainerOption })
export const trainerArguments = defineOptions({ trainer: trainerOption })
export const useArguments = defineOptions({ use: functionOf() })
export const epochsArguments = defineOptions({ epochs: optional(integer(0)) })
