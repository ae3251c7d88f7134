import type { FittedWhitening } from '@convzoo/core'
import {
  isFloat32Array,
  isNumbers,
  isOptionsObject,
  isShape,
  isUint8Array,
  matching,
  sizeOf,
  withMethods,
} from '@convzoo/core/define'
import type { Trainer } from '../node-trainer.js'
import type { MeanImage } from './mean-image.js'

/** What JSON gives back as it is written; an instance of a class, or what JSON leaves out, is none. */
export const jsonKind = matching('an object that JSON can hold', (value): value is object => {
  if (!isOptionsObject(value)) return false
  try {
    const written: unknown = JSON.parse(JSON.stringify(value))
    return isOptionsObject(written) && Object.keys(written).length === Object.values(value).filter(isSaid).length
  } catch {
    return false
  }
})

const isSaid = (value: unknown): boolean => value !== undefined

export const trainerKind = withMethods<Trainer>('a Trainer', 'saveCheckpoint', 'loadCheckpoint', 'readState')

/** A trainer, or the training that a callback watches. */
export const savingKind = withMethods<Pick<Trainer, 'saveCheckpoint'>>('a Trainer', 'saveCheckpoint')

export const meanImageKind = matching(
  'a mean image: { shape: [height, width, channels], data } with a Float32Array of as many values',
  (value): value is MeanImage => {
    if (!isOptionsObject(value)) return false
    const { shape, data }: Partial<Record<keyof MeanImage, unknown>> = value
    return isShape(shape) && shape.length === 3 && isFloat32Array(data) && data.length === sizeOf(shape)
  },
)

export const whiteningKind = matching(
  'what fitWhitening gives: { mean, matrix }, Float32Arrays of some length and of its square',
  (value): value is FittedWhitening => {
    if (!isOptionsObject(value)) return false
    const { mean, matrix }: Partial<Record<keyof FittedWhitening, unknown>> = value
    return isFloat32Array(mean) && isFloat32Array(matrix) && matrix.length === mean.length ** 2
  },
)

/** A file of a picture as bytes. */
export const pngKind = matching('the bytes of a PNG', isUint8Array)

export const rowsKind = matching(
  'rows of counts, one of each class',
  (value): value is readonly (readonly number[])[] => Array.isArray(value) && value.every(isNumbers),
)
