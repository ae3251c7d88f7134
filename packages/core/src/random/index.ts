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
export { threefry2x32, type Words } from './threefry.js'
