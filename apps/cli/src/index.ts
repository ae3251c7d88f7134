export * from '@convzoo/run'
export { bringPlugins } from './brought.js'
