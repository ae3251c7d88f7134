export { type OnnxModel, type OpenOnnxModelOptions, openOnnxModel } from './model/open-model.js'
