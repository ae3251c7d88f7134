/** All that the package exports, whichever of its faces exports it. */
export * from '../define.js'
export * from '../engine.js'
export * from '../index.js'
