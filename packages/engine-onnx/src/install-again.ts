/** How onnxruntime-node is installed; on Linux on x64 without the CUDA provider that its script would fetch. */
export const installAgain = `install it again: ${
  process.platform === 'linux' && process.arch === 'x64' ? 'ONNXRUNTIME_NODE_INSTALL=skip ' : ''
}npm install onnxruntime-node`
