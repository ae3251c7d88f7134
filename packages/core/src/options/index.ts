export { requireArguments } from './arguments.js'
export { fieldsOf, isOptionsObject } from './fields.js'
export {
  abortSignal,
  axis,
  boolean,
  border,
  bothOf,
  floats,
  functionOf,
  integer,
  lengths,
  matching,
  number,
  numberAbove,
  numberFrom,
  numberIn,
  oneOf,
  optionKind,
  pair,
  quoted,
  text,
  texts,
  withMethods,
} from './kinds.js'
export { nearestNames } from './nearest.js'
export {
  type AnyOption,
  defineOptions,
  invalid,
  misfit,
  type Option,
  type Options,
  optional,
  required,
  requireKnownOptions,
  unfit,
  within,
} from './options.js'
