import type { NamedTensor } from '@convzoo/core'

/** What a network was before. */
export interface EarlierWeights {
  /** Optimizer steps from then to now. */
  readonly steps: number
  readWeights(): AsyncIterable<NamedTensor>
}
