import { defineOptions, numberFrom } from '../../options/index.js'

/** `value` at every step. */
export interface ConstantSchedule {
  readonly type: 'constant'
  readonly value: number
}

export type ConstantOptions = Omit<ConstantSchedule, 'type'>

const options = defineOptions({ value: numberFrom(0) })

/**
 * The same value at every step; wherever a schedule is taken, a number says the same.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * constant({ value: 0.01 })
 */
export function constant(given: ConstantOptions): ConstantSchedule {
  return { type: 'constant', ...options.parse('schedule constant', given) }
}
