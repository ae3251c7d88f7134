// The engines that are checked, as a program opens them.
import { onnx } from '../packages/engine-onnx/dist/index.js'
import { tfjs } from '../packages/engine-tfjs/dist/index.js'

/** @param target `engine`, `device`, `options` and the `project` that native packages are found from. */
export const openTarget = ({ engine, device, options = {}, project }) =>
  ({ onnx, tfjs })[engine]({ device, project, ...options })
