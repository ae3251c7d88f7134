export { describeValue, meantBy } from './describe.js'
export { ConvzooError, type ErrorFields, type ErrorKind, internalError, unusableOption } from './error.js'
