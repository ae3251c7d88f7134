import type { Address, OrtApi } from '../capi/ort-api.js'

/** How a GPU multiplies: with all digits of float32, or with the 10 binary ones of TF32, which tensor cores take. */
export const precisions = ['float32', 'tf32'] as const
export type Precision = (typeof precisions)[number]

interface CudaHow {
  readonly precision: Precision
  /** Whether a run is recorded when it is first made, and replayed from then on: {@link FixedCrossings} are where it reads and writes. */
  readonly graphs: boolean
}

/**
 * Has sessions run on a CUDA device.
 *
 * @throws Error where the provider cannot be loaded. Which library is missing stands in the log of the runtime.
 */
export function appendCuda(api: OrtApi, sessionOptions: Address, { precision, graphs }: CudaHow): void {
  const settings = {
    device_id: '0',
    enable_cuda_graph: graphs ? '1' : '0',
    use_tf32: precision === 'tf32' ? '1' : '0',
    // Takes what is asked for, not the next power of two: training asks for the same again in each step.
    arena_extend_strategy: 'kSameAsRequested',
  }
  const options = api.make('CreateCUDAProviderOptions')
  try {
    const keys = Object.keys(settings)
    api.call('UpdateCUDAProviderOptions', options, keys, Object.values(settings), keys.length)
    api.call('SessionOptionsAppendExecutionProvider_CUDA_V2', sessionOptions, options)
  } finally {
    api.release('CUDAProviderOptions', options)
  }
}
