import { opsKind } from '../graph/ops.js'
import { valueKind } from '../graph/value.js'
import { type AnyOption, boolean, isOptionsObject, matching, requireArguments, text } from '../options/index.js'

const byName = matching('an object of values by name', isOptionsObject)

const inputKinds: Readonly<Record<string, AnyOption>> = {
  ops: opsKind,
  name: text,
  decays: boolean,
  weight: valueKind,
  gradient: valueKind,
  learningRate: valueKind,
  weightDecay: valueKind,
  scalars: byName,
}

const someInputs = matching('{ ops, name, weight, gradient, … }', isOptionsObject)

/** What a method of an optimizer is called with; `update` sees slots, too. `subject` names the method. */
export function requireUpdateInputs(subject: string, inputs: object, kinds: typeof inputKinds = inputKinds): void {
  requireArguments(subject, { inputs: [someInputs, inputs] })
  requireArguments(
    subject,
    Object.fromEntries(Object.entries(kinds).map(([input, kind]) => [input, [kind, Reflect.get(inputs, input)]])),
  )
}

/** {@link requireUpdateInputs} of `update`. */
export function requireSlotInputs(subject: string, inputs: object): void {
  requireUpdateInputs(subject, inputs, { ...inputKinds, slots: byName })
}
