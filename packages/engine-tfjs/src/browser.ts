/**
 * The engine in a browser, on its WebGPU. It reaches no module of Node.js.
 *
 * @packageDocumentation
 */

export { type TfjsOptions, tfjs } from './browser/engine.js'
