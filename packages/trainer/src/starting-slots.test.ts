import { defineOptimizer, type OptimizerRule } from '@convzoo/core/define'
import { describe, expect, it } from 'vitest'
import type { Trainer } from './node-trainer.js'
import { dataset, trainer, weightsOf } from './testing/brighter.js'

/** Draws weights back to where they started (Li et al., "Explicit inductive bias for transfer learning", ICML 2018). */
const towardsStart = defineOptimizer({
  specification: 'optimizer/v1',
  name: 'towardsStart',
  title: 'SGD that is drawn to its start',
  learningRate: 0.1,
  options: {},
  rule: (): OptimizerRule<'start', never> => ({
    slots: { start: 'weight' },
    update: ({ ops, weight, gradient, slots, learningRate }) => {
      const drawn = ops.add(gradient, ops.multiply(0.1, ops.subtract(weight, slots.start)))
      return { weight: ops.subtract(weight, ops.multiply(learningRate, drawn)), slots }
    },
  }),
})

async function startsOf(trained: Trainer): Promise<number[]> {
  const values: number[] = []
  const names = trained.state.flatMap(({ name, startsAs }) => (startsAs === undefined ? [] : [name]))
  for await (const { data } of trained.readState(names)) values.push(...data)
  return values
}

describe('slots that start as their weights', () => {
  it('start as those that are written before the first step, and stay when weights are written later', async () => {
    await using other = trainer([], 2)
    await other.fit(dataset(), { epochs: 1, batchSize: 4 })
    const weights = await weightsOf(other)
    await using trained = trainer([], 1, { optimizer: towardsStart() })
    expect(await startsOf(trained)).toEqual(await weightsOf(trained))

    await trained.writeWeights(other.readWeights())
    expect(await startsOf(trained)).toEqual(weights)

    await trained.fit(dataset(), { epochs: 1, batchSize: 4 })
    expect(await weightsOf(trained)).not.toEqual(weights)
    await trained.writeWeights(trained.readWeights())
    expect(await startsOf(trained)).toEqual(weights)
  })
})
