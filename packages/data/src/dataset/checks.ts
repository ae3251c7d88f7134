import { ConvzooError } from '@convzoo/core'
import { describeValue, unusableOption } from '@convzoo/core/define'

/** @throws ConvzooError of kind `option` unless a number of samples can be meant. */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1) return limit
  throw unusableOption('"limit"', { expected: 'a whole number of at least 1', received: describeValue(limit) })
}

/** @throws ConvzooError of kind `option` unless the dataset has a sample of this index. */
export function checkedIndex(index: number, length: number, name: string): number {
  if (Number.isInteger(index) && index >= 0 && index < length) return index
  throw new ConvzooError({
    kind: 'option',
    message: `The dataset ${name} has no sample ${describeValue(index)}.`,
    expected: `whole numbers from 0 to ${length - 1}`,
    received: describeValue(index),
  })
}
