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

/** Operators by the provider that runs them, of a session whose options have it recorded. */
export function placements(api: OrtApi, session: Address): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const subgraph of listed(api, 'Session_GetEpGraphAssignmentInfo', session)) {
    const provider = api.textAt(api.make('EpAssignedSubgraph_GetEpName', subgraph))
    const operators = listed(api, 'EpAssignedSubgraph_GetNodes', subgraph).map((node) =>
      api.textAt(api.make('EpAssignedNode_GetOperatorType', node)),
    )
    found.set(provider, [...(found.get(provider) ?? []), ...operators])
  }
  return found
}

function listed(
  api: OrtApi,
  name: 'Session_GetEpGraphAssignmentInfo' | 'EpAssignedSubgraph_GetNodes',
  of: Address,
): readonly Address[] {
  const list = new BigUint64Array(1)
  const count = new BigUint64Array(1)
  api.call(name, of, list, count)
  return api.addressesAt(list[0] ?? 0n, Number(count[0]))
}
