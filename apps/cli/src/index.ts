export { type LiveOptions, type LiveRun, liveRun, report, writeReport } from '@convzoo/report'
export * from '@convzoo/run'
export { type Served, type ServeOptions, serve } from '@convzoo/serve'
export { bringPlugins } from './brought.js'
