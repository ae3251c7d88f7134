import type { RunEvent, RunListener, RunProgress, TrainingEvent } from '@convzoo/run'
import type { Screen } from './screen.js'
import { Sparkline } from './sparkline.js'

/** Seconds between plain lines. */
const lineInterval = 5

/** Steps after which the time that is left is known well enough. */
const stepsBeforeHint = 3

/** Columns of the losses of a run. */
const lossColumns = 16

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

/**
 * Shows training: step, img/s, loss, accuracy, the time that is left and the share of time that was waited for data; on a terminal how the
 * loss went, too, and what is left of the epoch.
 */
export function trainingProgress({ screen, hint }: ProgressOptions): (event: RunEvent) => void {
  const losses = new Sparkline(lossColumns)
  let input = ''
  let steps = 0
  let written = performance.now()
  const onStep = (event: StepOf): void => {
    losses.add(event.loss)
    // The first step may be slower than the others.
    if (++steps === stepsBeforeHint && hint !== undefined && event.secondsLeft > 3600) {
      screen.warn(`This takes ${duration(event.secondsLeft)}; ${hint(input)}`)
    }
    if (screen.interactive) {
      screen.draw({ done: event.step, total: event.steps, parts: barParts(event, losses.text) })
    } else if (performance.now() - written > lineInterval * 1000) {
      written = performance.now()
      screen.say(stepParts(event, `ETA ${duration(event.secondsLeft)}`).join(' | '))
    }
  }
  return (event) => {
    if (event.type === 'start') input = event.network.input.join('x')
    else if (event.type === 'step') onStep(event)
    else if (event.type === 'epoch') screen.say(epochLine(event))
  }
}

type StepOf = Extract<TrainingEvent, { type: 'step' }>
type EpochOf = Extract<TrainingEvent, { type: 'epoch' }>

const stepParts = ({ step, steps, imagesPerSecond, loss, top1, waited }: StepOf, ...left: readonly string[]) => [
  `step ${step}/${steps}`,
  `${imagesPerSecond.toFixed(1)} img/s`,
  `loss ${loss.toFixed(4)}`,
  `accuracy ${percent(top1)}`,
  ...left,
  `waited ${(100 * waited).toFixed(0)} % for data`,
]

/** The same beside a bar. */
function barParts(event: StepOf, losses: string): readonly string[] {
  const { secondsLeft, epochSecondsLeft, epoch, epochs } = event
  const ofEpoch = epoch + 1 < epochs ? ` (epoch ${duration(epochSecondsLeft)})` : ''
  return stepParts(event, `ETA ${duration(secondsLeft)}${ofEpoch}`, ...(losses === '' ? [] : [`loss ${losses}`]))
}

function epochLine({ epoch, epochs, imagesPerSecond, training, validation, validationOf, seconds }: EpochOf): string {
  return [
    `epoch ${epoch + 1}/${epochs}`,
    `${imagesPerSecond.toFixed(1)} img/s`,
    `loss ${training.loss.toFixed(4)}`,
    `accuracy ${percent(training.top1)}`,
    ...(validation === undefined ? [] : [`validation accuracy ${percent(validation.top1)}`]),
    ...(validationOf === undefined
      ? []
      : [`${percent(validationOf.average.top1)} by averages, ${percent(validationOf.current.top1)} by weights`]),
    duration(seconds),
  ].join(' | ')
}
