export { readCheckpoint, writeCheckpoint } from './file.js'
export { dataSettings, partedSettings, requireSameSettings, type Settings } from './settings.js'
