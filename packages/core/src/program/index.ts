export { createProgram, type ProgramOptions } from './create-program.js'
export { graphKind, programKind } from './kinds.js'
export {
  applyGradientsName,
  averageName,
  type FunctionKind,
  functionName,
  gradientName,
  type Program,
  type StateRole,
  type StateSpec,
  slotName,
  zeroGradientsName,
} from './program.js'
export { initialState } from './state.js'
