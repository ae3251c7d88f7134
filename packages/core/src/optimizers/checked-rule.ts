import { requireArguments, text } from '../options/index.js'
import type { Optimizer } from './optimizer.js'
import { requireSlotInputs, requireUpdateInputs } from './update-inputs.js'

/** The same optimizer, whose methods say what is wrong with what they are called with. */
export function checkedRule<Slot extends string, Scalar extends string>(
  optimizer: Optimizer<Slot, Scalar>,
): Optimizer<Slot, Scalar> {
  const { name } = optimizer
  return {
    ...optimizer,
    decays: (weightName) => {
      requireArguments(`decays of ${name}`, { weightName: [text, weightName] })
      return optimizer.decays(weightName)
    },
    decay: (inputs) => {
      requireUpdateInputs(`decay of ${name}`, inputs)
      return optimizer.decay(inputs)
    },
    update: (inputs) => {
      requireSlotInputs(`update of ${name}`, inputs)
      return optimizer.update(inputs)
    },
  }
}
