export { createProgram, initialState, type ProgramOptions } from './create-program.js'
export { type FunctionKind, functionName, type Program, type StateRole, type StateSpec } from './program.js'
