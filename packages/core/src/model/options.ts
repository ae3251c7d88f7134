import {
  defineOptions,
  integer,
  invalid,
  matching,
  number,
  type Option,
  oneOf,
  optional,
  required,
  text,
} from '../options/index.js'
import type { AuxiliaryOutput, Model } from './contract.js'
import { isSymbolicTensor, type SymbolicTensor } from './symbolic.js'

const isTensors = (value: unknown): value is readonly SymbolicTensor[] =>
  Array.isArray(value) && value.length > 0 && value.every(isSymbolicTensor)

const tensor: Option<SymbolicTensor, SymbolicTensor> = matching(
  'a symbolic tensor, as input() and layers give it',
  isSymbolicTensor,
)

const head = defineOptions({ output: tensor, lossWeight: number })

const heads = required<readonly AuxiliaryOutput[], readonly AuxiliaryOutput[]>(
  'a list of heads, each { output, lossWeight }',
  (value, subject) =>
    Array.isArray(value)
      ? value.map((each: AuxiliaryOutput, index) => head.parse(`head ${index} in the ${subject}`, each))
      : invalid,
)

/** What `functionalModel` takes. */
export const functionalModelOptions = defineOptions({
  inputs: matching(
    'a symbolic tensor, as input() gives it, or a list of them',
    (value): value is SymbolicTensor | readonly SymbolicTensor[] => isSymbolicTensor(value) || isTensors(value),
  ),
  output: tensor,
  classes: optional(integer(0)),
  endsIn: optional(oneOf('classes', 'features', 'map')),
  auxiliary: optional(heads, []),
  name: optional(text),
})

/** A model, as `createModel` and `functionalModel` make it. */
export const modelOption: Option<Model, Model> = matching(
  "a model, such as createModel('alexnet', { classes: 10 })",
  (value): value is Model =>
    typeof value === 'object' &&
    value !== null &&
    'inputs' in value &&
    isTensors(value.inputs) &&
    'output' in value &&
    isSymbolicTensor(value.output) &&
    ['layers', 'weights', 'auxiliary'].every((list) => Array.isArray(Reflect.get(value, list))),
)
