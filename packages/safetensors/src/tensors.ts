import type { NamedTensor, Shape } from '@convzoo/core'
import {
  invalid,
  isFloat32Array,
  isOptionsObject,
  matching,
  printable,
  requireArguments,
  sizeOf,
} from '@convzoo/core/define'
import { type Storage, storageOption } from './storage.js'

/** A tensor's name and shape, and how it is stored. */
export interface TensorSpec {
  readonly name: string
  readonly shape: Shape
  /** How it stands in a file; in single precision by default. */
  readonly storage?: Storage | undefined
}

const isShape = (value: unknown): value is Shape =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)

/** Names and shapes of tensors, as an option. */
export const specsOption = matching(
  'a list of { name, shape, storage }',
  (value): value is readonly TensorSpec[] =>
    Array.isArray(value) &&
    value.every((spec: unknown) => {
      if (typeof spec !== 'object' || spec === null) return false
      const { name, shape, storage }: Partial<Record<keyof TensorSpec, unknown>> = spec
      const isStorage = storage === undefined || storageOption.parse(storage, '') !== invalid
      return typeof name === 'string' && isShape(shape) && isStorage
    }),
)

/** What stands beside the tensors of a file. */
export const metadataOption = matching(
  'an object of texts',
  (value): value is Readonly<Record<string, string>> =>
    isOptionsObject(value) && Object.values(value).every((each) => typeof each === 'string'),
)

/** Whether this is a tensor: a name, a shape, and as many float32 values as that has. */
export const isTensor = (value: unknown): value is NamedTensor => {
  if (typeof value !== 'object' || value === null) return false
  const { name, shape, data }: Partial<Record<keyof NamedTensor, unknown>> = value
  return typeof name === 'string' && isShape(shape) && isFloat32Array(data) && data.length === sizeOf(shape)
}

const tensorKind = matching('a tensor: { name, shape, data }', isTensor)

/** The first element of a tensor that is NaN or infinite, in words; undefined if all are finite. */
export function notFiniteIn(tensor: NamedTensor): string | undefined {
  requireArguments('notFiniteIn', { tensor: [tensorKind, tensor] })
  const { name, data } = tensor
  for (let index = 0; index < data.length; index++) {
    const value = data[index] ?? 0
    if (!Number.isFinite(value)) return `${value} as element ${index} of the tensor ${printable(name, 100)}`
  }
  return undefined
}
