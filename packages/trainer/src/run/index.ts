export { checkpointFormat, RunFolder } from './run-folder.js'
