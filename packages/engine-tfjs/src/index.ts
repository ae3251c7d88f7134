export { type TfjsDevice, type TfjsOptions, tfjs, tfjsDevices } from './engine.js'
