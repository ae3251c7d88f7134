export { ConvzooError, describeValue, type ErrorFields, type ErrorKind, internalError } from './error.js'
