import { cosine, type Schedule, warmUp } from '@convzoo/core'

/** What a schedule of the learning rate is made from. */
export interface ScheduleSettings {
  readonly schedule: ScheduleName
  readonly learningRate: number
  readonly warmUp: number
}

/** One row a schedule: from the highest rate and the steps after warming up. */
const schedules = {
  constant: (highest: number): number | Schedule => highest,
  cosine: (highest: number, steps: number): number | Schedule => cosine({ initial: highest, steps }),
}

export type ScheduleName = keyof typeof schedules
export const scheduleNames = Object.keys(schedules) as readonly ScheduleName[]

/** The learning rate of a run of so many steps. */
export function learningRateOf(
  { schedule, learningRate, warmUp: rising }: ScheduleSettings,
  steps: number,
): number | Schedule {
  const after = schedules[schedule](learningRate, Math.max(steps - rising, 1))
  return rising === 0 ? after : warmUp({ steps: rising, schedule: after })
}
