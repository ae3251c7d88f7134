export { createProgram, type ProgramOptions } from './create-program.js'
export { graphKind, programKind } from './kinds.js'
export {
  applyGradientsName,
  averageName,
  zeroGradientsName,
  type FunctionKind,
  functionName,
  gradientName,
  type Program,
  type StateRole,
  type StateSpec,
  slotName,
} from './program.js'
export { initialState } from './state.js'
