import type { Address, OrtApi } from '../capi/ort-api.js'

/** How a GPU multiplies: with all digits of float32, or with the 10 binary ones of TF32, which tensor cores take. */
export const precisions = ['float32', 'tf32'] as const
export type Precision = (typeof precisions)[number]

/**
 * Has sessions run on a CUDA device.
 *
 * @throws Error where the provider cannot be loaded. Which library is missing stands in the log of the runtime.
 */
export function appendCuda(api: OrtApi, sessionOptions: Address, precision: Precision): void {
  const settings = {
    device_id: '0',
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
