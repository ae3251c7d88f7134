/**
 * The trainer in a browser: all of it but folders of runs.
 *
 * @packageDocumentation
 */

export { Trainer } from './browser-trainer.js'
export * from './on-every-platform.js'
