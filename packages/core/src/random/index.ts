export { fillNormal } from './normal.js'
export {
  fillUniform,
  permutation,
  seedWords,
  stepKey,
  streamKey,
  type UniformRequest,
  uniformForSamples,
} from './stream.js'
export type { Words } from './threefry.js'
