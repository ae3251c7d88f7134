/** The folder in whose node_modules `pnpm verify:cuda` has linked ONNX Runtime with its CUDA provider. */
export const project = process.env.CONVZOO_ONNX_PROJECT ?? process.cwd()
