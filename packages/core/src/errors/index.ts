export {
  ConvzooError,
  describeValue,
  type ErrorFields,
  type ErrorKind,
  internalError,
  unusableOption,
} from './error.js'
