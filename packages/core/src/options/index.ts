export {
  axis,
  boolean,
  border,
  functionOf,
  integer,
  matching,
  number,
  numberAbove,
  numberFrom,
  numberIn,
  oneOf,
  pair,
  quoted,
  text,
} from './kinds.js'
export { nearestNames } from './nearest.js'
export {
  defineOptions,
  invalid,
  type Option,
  type Options,
  optional,
  required,
  requireKnownOptions,
  within,
} from './options.js'
