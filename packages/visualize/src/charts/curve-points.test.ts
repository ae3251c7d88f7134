import { describe, expect, it } from 'vitest'
import { curvesOf } from './curve-points.js'

const step = (epoch: number, loss: number | null) => ({ type: 'step', step: 0, epoch, loss })

describe('curvesOf', () => {
  it('places epochs at their ends, and the test at the last of them', () => {
    const { losses, accuracies } = curvesOf([
      { type: 'epoch', epoch: 0, training: { loss: 2, top1: 0.25 }, validation: { loss: 3, top1: 0.125 } },
      { type: 'epoch', epoch: 1, training: { loss: 1, top1: 0.5 } },
      { type: 'test', loss: 1.5, top1: 0.75 },
    ])
    expect(losses).toEqual([
      { epochs: 1, value: 2, series: 'training' },
      { epochs: 1, value: 3, series: 'validation' },
      { epochs: 2, value: 1, series: 'training' },
      { epochs: 2, value: 1.5, series: 'test' },
    ])
    expect(accuracies.map(({ value }) => value)).toEqual([0.25, 0.125, 0.5, 0.75])
  })

  it('spreads steps over their epoch, one that was cut short too', () => {
    const { stepLosses } = curvesOf([...[8, 6, 4, 2].map((loss) => step(0, loss)), step(1, 1)])
    expect(stepLosses.map(({ epochs, value }) => [epochs, value])).toEqual([
      [0.25, 8],
      [0.5, 6],
      [0.75, 4],
      [1, 2],
      [1.25, 1],
    ])
  })

  it('averages stretches where steps are many', () => {
    const { stepLosses } = curvesOf(Array.from({ length: 1000 }, (_, index) => step(0, index)))
    expect(stepLosses).toHaveLength(334)
    expect(stepLosses[0]).toEqual({ epochs: 0.002, value: 1, series: 'training' })
    expect(stepLosses.at(-1)).toEqual({ epochs: 1, value: 999, series: 'training' })
  })

  it('passes over what it does not know and what is no number', () => {
    // JSON has no NaN: a loss that is not finite stands as null in a file.
    const records = [{ type: 'note', text: 'x' }, {}, step(0, null), { type: 'epoch', epoch: 0, training: null }]
    expect(curvesOf(records)).toEqual({ stepLosses: [], losses: [], accuracies: [] })
  })
})
