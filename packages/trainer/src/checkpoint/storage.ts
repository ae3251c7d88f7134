import { invalid, matching, requireArguments, sizeOf } from '@convzoo/core/define'
import type { StateRole, StateSpec } from '@convzoo/core/engine'
import { type Storage, specsOption, storageOption, type TensorSpec } from '@convzoo/safetensors/blob'

/** What is stored otherwise: statistics are few, and the squares that an optimizer keeps are beyond the range of float16. */
const rounded: { readonly [Type in Exclude<Storage, 'float32'>]: readonly StateRole[] } = {
  bfloat16: ['weight', 'average', 'slot'],
  float16: ['weight', 'average'],
}

/** State as a checkpoint stores it. */
export function storedSpecs(state: readonly StateSpec[], storage: Storage): readonly TensorSpec[] {
  return state.map(({ name, shape, role }) => ({
    name,
    shape,
    ...(storage !== 'float32' && rounded[storage].includes(role) ? { storage } : {}),
  }))
}

const stateKind = matching(
  'the state of a trainer',
  (given): given is readonly StateSpec[] => specsOption.parse(given, '') !== invalid,
)

/**
 * The bytes that tensors take in a checkpoint of this state; what callbacks remember, and names, come besides.
 *
 * @throws ConvzooError of kind `option` for what is no state or no storage.
 * @example
 * checkpointBytes(trainer.state, 'bfloat16')
 */
export function checkpointBytes(state: readonly StateSpec[], storage: Storage): number {
  requireArguments('checkpointBytes', { state: [stateKind, state], storage: [storageOption, storage] })
  return storedSpecs(state, storage).reduce(
    (sum, { shape, storage: stored = 'float32' }) => sum + sizeOf(shape) * (stored === 'float32' ? 4 : 2),
    0,
  )
}

/** What to say where training goes on from rounded tensors: a line, or none. */
export function storageWarnings(path: string, tensors: readonly TensorSpec[]): readonly string[] {
  const storage = tensors.map((tensor) => tensor.storage).find((each) => each !== undefined && each !== 'float32')
  if (storage === undefined) return []
  return [
    `${path} holds its weights in ${storage}: they were rounded, and the result is not that of a run that never stopped.`,
  ]
}
