import type { Callback, EpochRecord, Progress, StepRecord, TrainingContext } from '@convzoo/core'
import type { RunListener, RunProgress } from '@convzoo/run'
import type { Screen } from './screen.js'

/** Seconds between plain lines. */
const lineInterval = 5

/** Steps after which the time that is left is known well enough. */
const stepsBeforeHint = 3

/** `97.12 %`. */
export const percent = (part: number): string => `${(100 * part).toFixed(2)} %`

/** `2 h 5 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`
}

/**
 * Tells how many images were gone through, how fast, and how long the rest takes: a bar on a terminal, now and then a line otherwise.
 * The clock starts with the first count, and again when the count does.
 */
export function imageProgress(
  what: string,
  screen: Pick<Screen, 'interactive' | 'draw' | 'clear' | 'warn'>,
): (done: number, total: number) => void {
  let start = { done: 0, at: 0 }
  let before = Number.POSITIVE_INFINITY
  let written = 0
  return (done, total) => {
    const now = performance.now()
    if (done <= before) {
      start = { done, at: now }
      written = now
    }
    before = done
    const rate = (1000 * (done - start.done)) / (now - start.at)
    const speed = done === start.done ? [] : [`${rate.toFixed(1)} img/s`, `ETA ${duration((total - done) / rate)}`]
    const parts = [what, `${done} of ${total} images`, ...speed]
    if (done >= total) screen.clear()
    else if (screen.interactive) screen.draw({ done, total, parts })
    else if (now - written > lineInterval * 1000) {
      written = now
      screen.warn(parts.join(' | '))
    }
  }
}

/** Tells how far the parts of a run have come, each from its own start. */
function runProgress(screen: Pick<Screen, 'interactive' | 'draw' | 'clear' | 'warn'>): (progress: RunProgress) => void {
  const parts = new Map<string, ReturnType<typeof imageProgress>>()
  return ({ what, done, total }) => {
    const tell = parts.get(what) ?? imageProgress(what, screen)
    parts.set(what, tell)
    tell(done, total)
  }
}

/** A run that tells a screen what happens. */
export const watchedBy = (screen: Screen): Required<Pick<RunListener, 'onWarning' | 'onProgress'>> => ({
  onWarning: (line) => screen.warn(line),
  onProgress: runProgress(screen),
})

/** What a user sees while something long goes on. */
export interface ProgressOptions {
  readonly screen: Pick<Screen, 'interactive' | 'draw' | 'clear' | 'say' | 'warn'>
  /** What would take less time than with this input, said once where all of it takes more than an hour. */
  readonly hint?: (input: string) => string
}

/** Shows training: step, img/s, loss, accuracy, the time that is left and the share of time that was waited for data. */
export function trainingProgress({ screen, hint }: ProgressOptions) {
  let plan: Progress = { epochs: 1, stepsPerEpoch: 1, samplesPerEpoch: 1, done: { steps: 0, samples: 0 } }
  /** Of this process; what a resumed run did before says nothing about speed. */
  let samples = 0
  let seconds = 0
  let waited = 0
  /** Of the epoch under way. */
  let epochSamples = 0
  let loss = Number.NaN
  let written = performance.now()
  let steps = 0
  const left = (): number => ((plan.epochs * plan.samplesPerEpoch - plan.done.samples - samples) * seconds) / samples
  const parts = (done: number, accuracy: number): readonly string[] => {
    const rate = samples / seconds
    return [
      `step ${done}/${plan.epochs * plan.stepsPerEpoch}`,
      `${rate.toFixed(1)} img/s`,
      `loss ${loss.toFixed(4)}`,
      `accuracy ${percent(accuracy)}`,
      `ETA ${duration(left())}`,
      `waited ${((100 * waited) / seconds).toFixed(0)} % for data`,
    ]
  }
  return {
    onTrainBegin(progress) {
      plan = progress
    },
    onStep(record: StepRecord, { score, model }: Pick<TrainingContext, 'score' | 'model'>) {
      const done = record.step + 1
      const shown = (): readonly string[] => parts(done, score?.top1 ?? 0)
      samples += record.samples
      epochSamples += record.samples
      seconds += record.seconds
      waited += record.waited
      loss = Number.isNaN(loss) ? record.loss : 0.9 * loss + 0.1 * record.loss
      // The first step may be slower than the others.
      if (++steps === stepsBeforeHint && hint !== undefined && left() > 3600) {
        screen.warn(`This takes ${duration(left())}; ${hint(model.inputs[0]?.shape.join('x') ?? '')}`)
      }
      if (screen.interactive) {
        screen.draw({ done, total: plan.epochs * plan.stepsPerEpoch, parts: shown() })
      } else if (performance.now() - written > lineInterval * 1000) {
        written = performance.now()
        screen.say(shown().join(' | '))
      }
    },
    onEpoch({ epoch, training, validation, validationOf, seconds: taken }: EpochRecord) {
      const scores = [
        `epoch ${epoch + 1}/${plan.epochs}`,
        `${(epochSamples / taken).toFixed(1)} img/s`,
        `loss ${training.loss.toFixed(4)}`,
        `accuracy ${percent(training.top1)}`,
        ...(validation === undefined ? [] : [`validation accuracy ${percent(validation.top1)}`]),
        ...(validationOf === undefined
          ? []
          : [`${percent(validationOf.average.top1)} by averages, ${percent(validationOf.current.top1)} by weights`]),
        duration(taken),
      ]
      epochSamples = 0
      screen.say(scores.join(' | '))
    },
    onTrainEnd() {
      screen.clear()
    },
  } satisfies Callback
}
