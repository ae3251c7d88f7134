export {
  copyToNew,
  openForWriting,
  putFile,
  putFileSync,
  removeFile,
  removeFolder,
  removeIfFree,
  removeIfFreeSync,
  renameFile,
  renameFileSync,
} from './changing.js'
export { type ChunksOptions, chunksOf } from './chunks.js'
export { crc32, crc32c } from './crc32.js'
export { downloadWheel } from './download-wheel.js'
export { fileError, unreadable } from './file-error.js'
export { deepestJson, isJsonObject, type JsonObject, parseJson, withoutMark } from './json.js'
export { type Line, type LinesOptions, linesOf } from './lines.js'
export { makeFolder } from './make-folder.js'
export { requireNamesOfSystem } from './names.js'
export { type OwnFileOptions, ownFile } from './own-file.js'
export { pathOption } from './path.js'
export { defaultProcessVariable } from './process-variable.js'
export { type Processors, type ProcessorsOptions, processors } from './processors.js'
export { readJsonFile } from './read-json-file.js'
export { codeOf, reasonOf } from './reason.js'
export {
  type OpenedFile,
  openRegularFile,
  type PartOptions,
  type ReadOptions,
  readInto,
  readRegularFile,
  readRegularFileSync,
  requireAtMost,
} from './regular-file.js'
export { isUnfinished, linkFile, removeUnfinished, replaceFile } from './replace-file.js'
export { type Ended, runCommand } from './run-command.js'
export { isOfSystem } from './system-folder.js'
export { requireUtf8 } from './text-encoding.js'
