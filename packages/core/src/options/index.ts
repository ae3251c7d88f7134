export { requireArguments } from './arguments.js'
export { type Defined, defined, type Given, type OptionsOf } from './defined.js'
export { fieldsOf, isOptionsObject } from './fields.js'
export type { JsonSchema } from './json-schema.js'
export {
  abortSignal,
  axes,
  axis,
  boolean,
  border,
  bothOf,
  floats,
  functionOf,
  integer,
  lengths,
  matching,
  namedTexts,
  number,
  numberAbove,
  numberFrom,
  numberIn,
  oneOf,
  optionKinds,
  pair,
  quoted,
  text,
  texts,
  threadCount,
  withMethods,
} from './kinds.js'
export { nearestNames } from './nearest.js'
export {
  type AnyOption,
  defineOptions,
  described,
  invalid,
  misfit,
  type Option,
  type OptionKinds,
  type Options,
  type OptionsInput,
  type OptionsOutput,
  optional,
  required,
  requireKnownOptions,
  unfit,
  within,
  written,
} from './options.js'
export { jsonSchemaOf, schemaOf } from './schema-of.js'
