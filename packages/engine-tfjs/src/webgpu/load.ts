import type { Runtime } from '../runtime/runtime.js'
import { openGpu } from './gpu.js'
import type { WebgpuSource } from './package.js'

/**
 * TensorFlow.js on a GPU through WebGPU, where that comes from a package or from the runtime.
 *
 * @throws ConvzooError of kind `engine` if WebGPU cannot be loaded, or if there is no adapter.
 */
export async function loadWebgpu(source: WebgpuSource): Promise<Runtime> {
  const { gpu, from, wait } = await openGpu(source)
  // The backend looks at the globals of WebGPU when it is loaded.
  const { loadOnGpu } = await import('./on-gpu.js')
  return loadOnGpu(gpu, from, wait)
}
