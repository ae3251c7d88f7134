export { type LinkOptions, type LinkResult, linkLibtensorflow } from './link/link.js'
export { type CudaReport, inspectCuda } from './native/cuda.js'
