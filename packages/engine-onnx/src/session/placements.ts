import { ConvzooError } from '@convzoo/core'
import type { Address, OrtApi } from '../capi/ort-api.js'

/** Operators by the provider that runs them: `CUDAExecutionProvider` → `Conv`, … */
export type Placements = ReadonlyMap<string, readonly string[]>

/** Where the operators of a session run, of one whose options have it recorded. */
export function placements(api: OrtApi, session: Address): Placements {
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

/**
 * Requires that the operators of a function all run on a CUDA device.
 *
 * @throws ConvzooError of kind `engine` that names those that do not.
 */
export function requireOnCuda(name: string, placed: Placements): void {
  const elsewhere = [...placed].filter(([provider]) => provider !== 'CUDAExecutionProvider')
  if (elsewhere.length === 0) return
  throw new ConvzooError({
    kind: 'engine',
    message: `A GPU was asked for, and ONNX Runtime does not place all of the function ${name} there.`,
    expected: 'every operator on a GPU',
    received: elsewhere.map(([provider, operators]) => `${provider}: ${[...new Set(operators)].join(', ')}`).join('; '),
    hint: '--allow-cpu (allowCpu: true) goes on all the same, and each of them costs two ways over the bus',
  })
}
