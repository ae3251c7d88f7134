/** A hyperparameter as a function of the step, counted from 0. Plain data, so that a run can write it down. */
export type Schedule =
  /** ½(1 + cos(π·t / steps)), from `initial` at step 0 to `final` at step `steps` and after. */
  | { readonly type: 'cosine'; readonly initial: number; readonly steps: number; readonly final: number }
  /** Rises in equal parts over `steps` steps to what `schedule` gives, which starts afterwards. */
  | { readonly type: 'warmUp'; readonly steps: number; readonly schedule: number | Schedule }

export interface CosineOptions {
  readonly initial: number
  /** Steps from `initial` to `final`. */
  readonly steps: number
  /** 0 by default. */
  readonly final?: number
}

/**
 * Half a cosine from `initial` to `final`.
 *
 * Source: Loshchilov and Hutter, "SGDR", ICLR 2017, without restarts.
 *
 * @example
 * sgdw({ weightDecay: 5e-5, learningRate: cosine({ initial: 0.015, steps: 1000 }) })
 */
export function cosine({ initial, steps, final = 0 }: CosineOptions): Schedule {
  return { type: 'cosine', initial, steps, final }
}

/**
 * A linear rise before another schedule: step t < steps gives (t + 1) / (steps + 1) of what `schedule` starts with.
 *
 * @example
 * warmUp({ steps: 100, schedule: cosine({ initial: 0.02, steps: 900 }) })
 */
export function warmUp({
  steps,
  schedule,
}: {
  readonly steps: number
  readonly schedule: number | Schedule
}): Schedule {
  return { type: 'warmUp', steps, schedule }
}

/** What a hyperparameter is at a step, counted from 0. */
export function valueAt(schedule: number | Schedule, step: number): number {
  if (typeof schedule === 'number') return schedule
  switch (schedule.type) {
    case 'cosine': {
      const progress = Math.min(step / schedule.steps, 1)
      return schedule.final + (schedule.initial - schedule.final) * 0.5 * (1 + Math.cos(Math.PI * progress))
    }
    case 'warmUp':
      return step < schedule.steps
        ? (valueAt(schedule.schedule, 0) * (step + 1)) / (schedule.steps + 1)
        : valueAt(schedule.schedule, step - schedule.steps)
  }
}
