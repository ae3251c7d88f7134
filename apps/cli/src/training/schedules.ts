import { cosine, exponential, polynomial, type Schedule, stepDecay, warmUp } from '@convzoo/core'
import { given, requireUsed } from './used-options.js'

/** What a schedule of the learning rate may be made from. What is not given is as the table says, or as core does. */
export interface ScheduleSettings {
  readonly decayEvery: number | undefined
  readonly gamma: number | undefined
  readonly power: number | undefined
  readonly finalLearningRate: number | undefined
}

interface Row {
  /** The settings that it has. */
  readonly uses: readonly (keyof ScheduleSettings)[]
  /** From the highest rate and the steps after warming up. */
  readonly make: (initial: number, steps: number, settings: ScheduleSettings) => number | Schedule
}

const schedules = {
  constant: { uses: [], make: (initial) => initial },
  step: {
    uses: ['decayEvery', 'gamma'],
    make: (initial, steps, { decayEvery = Math.ceil(steps / 3), gamma = 0.1 }) =>
      stepDecay({ initial, every: decayEvery, gamma }),
  },
  exponential: {
    uses: ['decayEvery', 'gamma'],
    make: (initial, steps, { decayEvery = Math.ceil(steps / 3), gamma = 0.1 }) =>
      exponential({ initial, gamma, steps: decayEvery }),
  },
  polynomial: {
    uses: ['power', 'finalLearningRate'],
    make: (initial, steps, { power, finalLearningRate }) =>
      polynomial({ initial, steps, ...given({ power, final: finalLearningRate }) }),
  },
  cosine: {
    uses: ['finalLearningRate'],
    make: (initial, steps, { finalLearningRate }) => cosine({ initial, steps, ...given({ final: finalLearningRate }) }),
  },
} as const satisfies Readonly<Record<string, Row>>

export type ScheduleName = keyof typeof schedules
export const scheduleNames = Object.keys(schedules) as readonly ScheduleName[]

/**
 * The learning rate of a run of so many steps.
 *
 * @throws ConvzooError of kind `option` if a setting is given that the schedule does not have, or that core refuses.
 */
export function learningRateOf(
  settings: ScheduleSettings & {
    readonly schedule: ScheduleName
    readonly learningRate: number
    readonly warmUp: number
  },
  steps: number,
): number | Schedule {
  const row: Row = schedules[settings.schedule]
  requireUsed('--schedule', settings.schedule, schedules, settings)
  const after = row.make(settings.learningRate, Math.max(steps - settings.warmUp, 1), settings)
  return settings.warmUp === 0 ? after : warmUp({ steps: settings.warmUp, schedule: after })
}
