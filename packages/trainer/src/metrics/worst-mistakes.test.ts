import { expect, it } from 'vitest'
import { WorstMistakes } from './worst-mistakes.js'

it('keeps the mistakes of the highest losses over all batches, without skipped rows', () => {
  const worst = new WorstMistakes(2)
  const targets = [1, 0, 1, 0, 0, 1]
  worst.add({ losses: [0.1, 2, 9], probabilities: [0.9, 0.1, 0.2, 0.8, 0.7, 0.3], targets }, [0, 1, 2], [2])
  worst.add({ losses: [1, 3, 5], probabilities: [0.4, 0.6, 0.1, 0.9, 0.4, 0.6], targets }, [3, 4, 5])
  expect(worst.list).toEqual([
    { index: 4, loss: 3, truth: 0, predicted: 1, probability: 0.9 },
    { index: 1, loss: 2, truth: 0, predicted: 1, probability: 0.8 },
  ])
})
