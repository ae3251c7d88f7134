import type { NamedTensor } from '@convzoo/core'
import { fieldsOf, isOptionsObject, matching } from '@convzoo/core/define'

/** The weights of a network as they were after some optimizer steps: what `run.history()` gives. */
export interface StepWeights {
  readonly step: number
  readWeights(): AsyncIterable<NamedTensor>
}

export const historyKind = matching(
  'weights at several steps, each { step, readWeights }, such as run.history() gives',
  (given): given is readonly StepWeights[] =>
    Array.isArray(given) &&
    given.every((each) => {
      const { step, readWeights } = isOptionsObject(each) ? fieldsOf(each) : {}
      return Number.isSafeInteger(step) && typeof readWeights === 'function'
    }),
)
