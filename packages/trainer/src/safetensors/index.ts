export { openSafetensors, type SafetensorsFile } from './read.js'
export { type WriteOptions, writeSafetensors } from './write.js'
