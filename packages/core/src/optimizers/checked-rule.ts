import { opsKind } from '../graph/ops.js'
import { valueKind } from '../graph/value.js'
import { type AnyOption, isOptionsObject, matching, requireArguments, text } from '../options/index.js'
import type { Optimizer } from './optimizer.js'

const byName = matching('an object of values by name', isOptionsObject)

const inputKinds: Readonly<Record<string, AnyOption>> = {
  ops: opsKind,
  weight: valueKind,
  gradient: valueKind,
  learningRate: valueKind,
  weightDecay: valueKind,
  scalars: byName,
}

/** The same optimizer, whose methods say what is wrong with what they are called with. */
export function checkedRule<Slot extends string, Scalar extends string>(
  optimizer: Optimizer<Slot, Scalar>,
): Optimizer<Slot, Scalar> {
  const { name } = optimizer
  const requireInputs = (method: string, inputs: object, kinds: typeof inputKinds): void => {
    const subject = `${method} of ${name}`
    requireArguments(subject, { inputs: [matching('{ ops, weight, gradient, … }', isOptionsObject), inputs] })
    requireArguments(
      subject,
      Object.fromEntries(Object.entries(kinds).map(([input, kind]) => [input, [kind, Reflect.get(inputs, input)]])),
    )
  }
  return {
    ...optimizer,
    decays: (weightName) => {
      requireArguments(`decays of ${name}`, { weightName: [text, weightName] })
      return optimizer.decays(weightName)
    },
    decay: (inputs) => {
      requireInputs('decay', inputs, inputKinds)
      return optimizer.decay(inputs)
    },
    update: (inputs) => {
      requireInputs('update', inputs, { ...inputKinds, slots: byName })
      return optimizer.update(inputs)
    },
  }
}
