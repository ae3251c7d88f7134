/**
 * Networks as LayersModels, for TensorFlow.js in browsers and elsewhere: written, and opened to compare them.
 *
 * @packageDocumentation
 */

export { type OpenedLayersModel, openLayersModel } from './layers-model/open.js'
export {
  requireLayersModel,
  type WriteLayersModelOptions,
  type WrittenLayersModel,
  writeLayersModel,
} from './layers-model/write.js'
