export { type IdxArray, type IdxFormat, parseIdx } from './idx.js'
export { readIdx } from './read-idx.js'
