export type { ServeOptions } from './options.js'
export { type Served, serve } from './serve.js'
