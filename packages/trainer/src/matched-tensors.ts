import { ConvzooError, matchWeights, type NamedTensor, type WeightMatch } from '@convzoo/core'
import type { TensorSpec } from '@convzoo/safetensors/blob'
import { listed } from './listed.js'
import { collectedTensors } from './tensors.js'

interface Matched {
  /** Those that fit. */
  readonly fitting: readonly NamedTensor[]
  readonly match: WeightMatch
}

/**
 * Takes tensors in, and says which of them are weights of a model by name and shape.
 *
 * @param partial Whether those that fit will do.
 * @throws ConvzooError of kind `state` if one is missing, unknown or of another shape, or, with `partial`, if none fits.
 */
export async function matchedTensors(
  tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>,
  weights: readonly TensorSpec[],
  partial: boolean,
): Promise<Matched> {
  const given = await collectedTensors(tensors, weights, partial ? 'any' : 'all')
  const match = matchWeights(weights, given)
  const taken = new Set(match.taken)
  const fitting = given.filter(({ name }) => taken.has(name))
  if (fitting.length > 0 || weights.length === 0) return { fitting, match }
  throw new ConvzooError({
    kind: 'state',
    message: 'None of the tensors that were given is a weight of the network.',
    expected: `at least one of ${listed(weights.map(({ name }) => name))}, in its shape`,
    received: given.length === 0 ? 'none' : listed(given.map(({ name }) => name)),
    hint: 'give weights of a network whose layers have the same names',
  })
}
