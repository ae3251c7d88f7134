export * from '@convzoo/run'
export { type Served, type ServeOptions, serve } from '@convzoo/serve'
export { bringPlugins } from './brought.js'
