export { fileError } from './file-error.js'
export { isUnfinished, removeUnfinished, replaceFile } from './replace-file.js'
