import { describe, expect, it } from 'vitest'
import { cosine, type Schedule, valueAt, warmUp } from './schedule.js'

describe('valueAt', () => {
  it('of a number is that number', () => {
    expect(valueAt(0.1, 0)).toBe(0.1)
    expect(valueAt(0.1, 1e6)).toBe(0.1)
  })

  // cos 60° = ½, cos 120° = −½
  it.each([
    { step: 0, value: 0.8 },
    { step: 3, value: 0.6 },
    { step: 4.5, value: 0.4 },
    { step: 6, value: 0.2 },
    { step: 9, value: 0 },
    { step: 1000, value: 0 },
  ])('of a cosine over 9 steps at step $step is $value', ({ step, value }) => {
    expect(valueAt(cosine({ initial: 0.8, steps: 9 }), step)).toBeCloseTo(value, 15)
  })

  it('of a cosine ends at its final value', () => {
    const schedule = cosine({ initial: 1, steps: 4, final: 0.2 })
    expectValues(schedule, [1, undefined, 0.6, undefined, 0.2, 0.2])
  })

  it('of a warm-up rises in equal parts to where the next schedule starts', () => {
    const schedule = 0.5
    expectValues(warmUp({ steps: 4, schedule }), [0.1, 0.2, 0.3, 0.4, 0.5, 0.5])
  })

  it('of a warm-up starts the next schedule at its own beginning', () => {
    const schedule = cosine({ initial: 0.8, steps: 2 })
    expectValues(warmUp({ steps: 1, schedule }), [0.4, 0.8, 0.4, 0, 0])
  })

  it('survives being written down', () => {
    const plan = warmUp({ steps: 2, schedule: cosine({ initial: 1, steps: 4, final: 0.2 }) })
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
    expect(plan).toEqual({
      type: 'warmUp',
      steps: 2,
      schedule: { type: 'cosine', initial: 1, steps: 4, final: 0.2 },
    })
  })
})

function expectValues(schedule: Schedule, values: readonly (number | undefined)[]): void {
  for (const [step, value] of values.entries()) {
    if (value !== undefined) expect(valueAt(schedule, step), `step ${step}`).toBeCloseTo(value, 14)
  }
}
