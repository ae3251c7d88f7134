import { Kernels } from '../interpreter/kernels.js'
import type { Runtime } from '../runtime/runtime.js'
import { adapterLine, describeAdapter, requestAdapter } from './adapter.js'
import { webgpuComputations, webgpuFusion, webgpuUniform } from './computations.js'
import { requestDevice, WatchedDevice } from './device.js'
import { openGpu } from './gpu.js'
import type { WebgpuSource } from './package.js'

const name = 'webgpu'

/**
 * TensorFlow.js on a GPU through WebGPU, with shaders of our own.
 *
 * @throws ConvzooError of kind `engine` if WebGPU cannot be loaded, or if there is no adapter.
 */
export async function loadWebgpu(source: WebgpuSource): Promise<Runtime> {
  const { gpu, from } = await openGpu(source)
  const adapter = await requestAdapter(gpu)
  const report = describeAdapter(adapter)
  const tensorflow = await import('@tensorflow/tfjs-core')
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu')
  tensorflow.env().set('PROD', true)
  // Small tensors would be computed on the CPU.
  tensorflow.env().set('WEBGPU_CPU_FORWARD', false)
  const device = new WatchedDevice(await requestDevice(adapter), report)
  const backend = new WebGPUBackend(device.device)
  // One that was lost may be there.
  tensorflow.removeBackend(name)
  tensorflow.registerBackend(name, () => backend)
  await tensorflow.setBackend(name)
  return {
    kernels: new Kernels(tensorflow, {
      computations: webgpuComputations(backend),
      fuse: webgpuFusion(backend),
      uniform: webgpuUniform(backend),
      watch: (work) => device.watch(work),
    }),
    description: `TensorFlow.js ${tensorflow.version_core} on ${from}, device webgpu: ${adapterLine(report)}`,
    adapter: report,
  }
}
