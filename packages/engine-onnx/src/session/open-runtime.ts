import { ConvzooError } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'
import type { Layout } from '@convzoo/onnx'
import { loadKoffi } from '../capi/koffi.js'
import { npmLibrary } from '../capi/npm-library.js'
import { OrtApi } from '../capi/ort-api.js'
import { preload } from '../capi/preload.js'
import { CudaKernels } from '../kernels/cuda-kernels.js'
import { HostKernels } from '../kernels/host-kernels.js'
import type { CudaFiles } from '../kernels/libraries.js'
import { BoundRuntime } from './bound-runtime.js'
import type { Precision } from './cuda-options.js'
import { nodeRuntime } from './node-runtime.js'
import { openCpu } from './open-cpu.js'
import type { Place, Runtime } from './runtime.js'

interface CommonChoice {
  readonly threads: number
  /** Whether threads that wait for work stay awake; true by default. */
  readonly spinning?: boolean | undefined
  /** Whether ONNX Runtime may report to its maker. */
  readonly telemetry: boolean
  /** The folder that the record of each session is written into, if there is to be one. */
  readonly profile?: string | undefined
}

/** The library of onnxruntime-node, on the CPU. */
interface CpuChoice extends CommonChoice {
  readonly device: 'cpu'
  /** The model of `stopProbe`, for where the C interface cannot be called. */
  readonly probe: Uint8Array
}

/** State behind an allocator, as on a GPU, and computed on the CPU: what can be tried of a GPU where there is none. */
export interface RehearsalChoice extends CommonChoice {
  readonly device: 'rehearsal'
  /** That of onnxruntime-node if none is named. */
  readonly library?: string
  /** How images lie for operators of our own; channels last by default. */
  readonly layout?: Layout
}

/** A library with its CUDA provider. */
interface CudaChoice extends CommonChoice {
  readonly device: 'cuda'
  readonly library: string
  /** Files of CUDA and cuDNN, in the order in which they are loaded. */
  readonly preloaded: readonly string[]
  /** What kernels of our own need, which models may have operators for then. */
  readonly kernels: CudaFiles | undefined
  readonly precision: Precision
  readonly allowCpu: boolean
  /** Whether a function is recorded and replayed. */
  readonly graphs: boolean
}

/** On which runtime, and how. Plain data, which a worker thread can be sent. */
export type RuntimeChoice = CpuChoice | RehearsalChoice | CudaChoice

/**
 * Opens ONNX Runtime. On the CPU by either way that {@link openCpu} finds: both give the same bytes.
 *
 * @throws ConvzooError of kind `engine` if the library cannot be loaded.
 */
export async function openRuntime(choice: RuntimeChoice): Promise<Runtime<Place>> {
  const { threads, spinning, telemetry, profile } = choice
  switch (choice.device) {
    case 'cpu': {
      const opened = await openCpu()
      if ('runtime' in opened) return nodeRuntime(opened.runtime, { threads, spinning, profile, probe: choice.probe })
      return new BoundRuntime(opened.api, { threads, spinning, telemetry, profile, onDevice: false })
    }
    case 'rehearsal':
      return new BoundRuntime(await OrtApi.load(choice.library ?? npmLibrary()), {
        threads,
        spinning,
        telemetry,
        profile,
        onDevice: true,
        kernels: new HostKernels(await loadKoffi()),
      })
    case 'cuda':
      return openCuda(choice)
  }
}

async function openCuda({
  library,
  preloaded,
  kernels,
  precision,
  allowCpu,
  graphs,
  ...common
}: CudaChoice): Promise<Runtime<Place>> {
  try {
    const koffi = await loadKoffi()
    preload(koffi, preloaded)
    const own = kernels === undefined ? undefined : new CudaKernels(koffi, kernels, precision)
    const cuda = { precision, allowCpu, graphs: graphs && !allowCpu }
    return new BoundRuntime(await OrtApi.load(library), { ...common, onDevice: true, cuda, kernels: own })
  } catch (error) {
    throw new ConvzooError({
      kind: 'engine',
      message: 'The device "cuda" of engine onnx cannot be used.',
      expected: `ONNX Runtime with its CUDA provider: ${library}`,
      received: messageOf(error),
      hint: 'convzoo doctor says which library is missing and how to get it',
      cause: error,
    })
  }
}
