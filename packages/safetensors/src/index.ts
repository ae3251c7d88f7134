export { metadataOnceWritten } from './metadata.js'
export { openSafetensors, type SafetensorsFile } from './read.js'
export { isTensor, notFiniteIn, specsOption, type TensorSpec } from './tensors.js'
export { type WriteOptions, writeSafetensors } from './write.js'
