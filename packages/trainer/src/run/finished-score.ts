import type { Score } from '@convzoo/core'
import type { Metrics } from './metrics.js'

/** The last score of a finished run, and of which images it is. */
export interface FinishedScore extends Score {
  readonly split: 'test' | 'validation'
}

/** The last score of metrics that end in one, and after how many epochs. */
export async function lastScore(
  metrics: Metrics,
): Promise<{ readonly epochs: number; readonly score: FinishedScore | undefined }> {
  let epochs = 0
  let score: FinishedScore | undefined
  for await (const record of metrics.read()) {
    score = undefined
    if (record.type === 'epoch') epochs = record.epoch + 1
    if (record.type !== 'test' && record.type !== 'validation') continue
    const { type: split, ...rest } = record
    score = { split, ...rest }
  }
  return { epochs, score }
}
