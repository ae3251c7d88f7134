export * from './constraints/index.js'
export * from './contracts/index.js'
export * from './cost/index.js'
export * from './errors/index.js'
export * from './gradients/index.js'
export * from './graph/index.js'
export * from './initializers/index.js'
export * from './layers/index.js'
export * from './losses/index.js'
export * from './model/index.js'
export * from './optimizers/index.js'
export {
  type AnyOption,
  abortSignal,
  axis,
  boolean,
  border,
  type Defined,
  defineOptions,
  described,
  fieldsOf,
  functionOf,
  type Given,
  integer,
  invalid,
  isOptionsObject,
  type JsonSchema,
  jsonSchemaOf,
  matching,
  nearestNames,
  number,
  numberAbove,
  numberFrom,
  numberIn,
  type Option,
  type OptionKinds,
  type Options,
  type OptionsInput,
  type OptionsOf,
  type OptionsOutput,
  oneOf,
  optional,
  pair,
  requireArguments,
  required,
  requireKnownOptions,
  schemaOf,
  text,
  texts,
  threadCount,
  withMethods,
  written,
} from './options/index.js'
export * from './plot/index.js'
export * from './program/index.js'
export * from './random/index.js'
export * from './recognise/index.js'
export * from './registry/index.js'
export * from './shape.js'
export * from './summary/index.js'
export * from './text/index.js'
