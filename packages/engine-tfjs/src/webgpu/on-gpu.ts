import {
  backend as currentBackend,
  engine,
  env,
  memory,
  registerBackend,
  removeBackend,
  setBackend,
  Tensor,
  tidy,
  version_core,
} from '@tensorflow/tfjs-core'
import { Kernels, type TensorFlow } from '../interpreter/kernels.js'
import type { Runtime } from '../runtime/runtime.js'
import { adapterLine, describeAdapter, requestAdapter } from './adapter.js'
import { webgpuComputations, webgpuFusion, webgpuUniform } from './computations.js'
import { clock, requestDevice, type Wait, WatchedDevice } from './device.js'
import { RecordingBackend } from './recording-backend.js'
import { Uploads } from './uploads.js'

const name = 'webgpu'

const tensorflow: TensorFlow = { backend: currentBackend, engine, env, memory, setBackend, Tensor, tidy, version_core }

/**
 * TensorFlow.js on a GPU, with shaders of our own. It runs wherever there is WebGPU.
 *
 * @param from What brings WebGPU, in words.
 * @param wait How results are awaited; as promises by default.
 * @throws ConvzooError of kind `engine` if there is no adapter.
 */
export async function loadOnGpu(gpu: GPU, from: string, wait?: Wait): Promise<Runtime> {
  const adapter = await requestAdapter(gpu)
  const report = describeAdapter(adapter)
  env().set('PROD', true)
  // Small tensors would be computed on the CPU.
  env().set('WEBGPU_CPU_FORWARD', false)
  const device = new WatchedDevice(await requestDevice(adapter), report, wait)
  const backend = new RecordingBackend(device.device)
  const uploads = new Uploads(backend)
  // One that was lost may be there.
  removeBackend(name)
  registerBackend(name, () => backend)
  await setBackend(name)
  return {
    kernels: new Kernels(tensorflow, {
      computations: webgpuComputations(backend),
      fuse: webgpuFusion(backend),
      uniform: webgpuUniform(backend, uploads),
      upload: (kernels, data, shape) => uploads.tensor(kernels, data, shape),
      watch: (work) => device.watch(work),
    }),
    description: `TensorFlow.js ${version_core} on ${from}, device webgpu: ${adapterLine(report)}`,
    adapter: report,
    ...(device.device.features.has(clock) ? { record: (work: () => void) => backend.record(work) } : {}),
  }
}
