import type { NamedTensor } from '@convzoo/core'
import type { StateSpec } from '@convzoo/core/engine'

/** The slots that start as copies of weights, of these weights. */
export function slotsThatStartAs(weights: readonly NamedTensor[], state: readonly StateSpec[]): readonly NamedTensor[] {
  const given = new Map(weights.map((tensor) => [tensor.name, tensor]))
  return state.flatMap(({ name, startsAs }) => {
    const weight = startsAs === undefined ? undefined : given.get(startsAs)
    return weight === undefined || weight.name === name ? [] : [{ ...weight, name }]
  })
}
