import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { ConvzooError } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'
import { Kernels, type TensorFlow } from '../interpreter/kernels.js'
import type { NativePackage } from '../native/packages.js'
import { restoreUtil } from './restore-util.js'
import type { LoadedNative, Runtime, Source } from './runtime.js'

/**
 * Loads TensorFlow.js.
 *
 * @throws ConvzooError of kind `engine` if it cannot be loaded.
 */
export async function loadRuntime(source: Source): Promise<Runtime> {
  if (source.device === 'cpu') return loadPlain()
  if (source.device !== 'webgpu') return loadNative(source)
  const { loadWebgpu } = await import('../webgpu/load.js')
  return loadWebgpu(source)
}

async function loadPlain(): Promise<Runtime> {
  const tensorflow = await import('@tensorflow/tfjs-core')
  await import('@tensorflow/tfjs-backend-cpu')
  quiet(tensorflow)
  await tensorflow.setBackend('cpu')
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  return {
    kernels: new Kernels(tensorflow),
    description: `TensorFlow.js ${tensorflow.version_core} in pure JavaScript, device cpu (${processor})`,
  }
}

function loadNative(found: NativePackage): Runtime {
  restoreUtil()
  const tensorflow = requirePackage(found)
  quiet(tensorflow)
  const backend: unknown = tensorflow.backend()
  if (!isNodeBackend(backend)) throw broken(found, 'its backend is of another form')
  const native: LoadedNative = {
    libtensorflow: backend.binding.TF_Version,
    binding: found.binding,
    library: loadedLibrary(),
    gpu: backend.isUsingGpuDevice,
  }
  const where = native.gpu ? 'GPU' : 'CPU'
  return {
    kernels: new Kernels(tensorflow),
    description: `${found.name} ${found.version} on libtensorflow ${native.libtensorflow} (${native.binding}), device ${found.device}: TensorFlow runs on the ${where}`,
    native,
  }
}

function requirePackage(found: NativePackage): TensorFlow {
  let loaded: unknown
  try {
    loaded = createRequire(import.meta.url)(found.folder)
  } catch (error) {
    throw broken(found, messageOf(error).split('\n')[0] ?? '')
  }
  if (!isTensorFlow(loaded)) throw broken(found, 'it exports no TensorFlow.js')
  return loaded
}

/** No advice to install the package that is being used, and no checks for developers of models. */
function quiet(tensorflow: TensorFlow): void {
  tensorflow.env().set('PROD', true)
}

const isTensorFlow = (value: unknown): value is TensorFlow =>
  typeof value === 'object' && value !== null && 'engine' in value && 'backend' in value && 'env' in value

interface NodeBackend {
  readonly isUsingGpuDevice: boolean
  readonly binding: { readonly TF_Version: string }
}

function isNodeBackend(value: unknown): value is NodeBackend {
  return typeof value === 'object' && value !== null && 'isUsingGpuDevice' in value && 'binding' in value
}

/** The process knows which files it has loaded. */
function loadedLibrary(): string | undefined {
  const report: { readonly sharedObjects?: readonly string[] } = Object(process.report?.getReport())
  return report.sharedObjects?.find((path) => /libtensorflow(_cc)?\.(so|\d|dylib)|tensorflow\.dll/.test(path))
}

function broken({ name, version, device }: NativePackage, reason: string): ConvzooError {
  return new ConvzooError({
    kind: 'engine',
    message: `${name} ${version} is installed and cannot be loaded, so the device "${device}" of engine tfjs cannot be used.`,
    received: reason,
    hint: 'convzoo doctor says what is missing; convzoo doctor --link-libtensorflow pip builds its binding anew',
  })
}
