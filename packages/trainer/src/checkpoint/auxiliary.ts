import type { Model } from '@convzoo/core'
import type { StateSpec } from '@convzoo/core/engine'

/** Names of the weights and statistics that only auxiliary heads have. */
export function auxiliaryNames(state: readonly StateSpec[], { weights }: Model): readonly string[] {
  const own = new Set(weights.map(({ name }) => name))
  return state
    .filter(({ name, role }) => (role === 'weight' || role === 'statistic') && !own.has(name))
    .map(({ name }) => name)
}
