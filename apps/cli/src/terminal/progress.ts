import type { Callback, EpochRecord, Progress, StepRecord } from '@convzoo/core'
import cliProgress from 'cli-progress'

/** Seconds between plain lines. */
const lineInterval = 5

const percent = (part: number): string => `${(100 * part).toFixed(2)} %`

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`
}

/** What a user sees while something long goes on. */
export interface ProgressOptions {
  /** The running top-1 of the epoch. */
  readonly accuracy: () => number
  /** A bar that is redrawn, or plain lines. */
  readonly terminal: boolean
  readonly write: (line: string) => void
}

/** Shows training: step, img/s, loss, accuracy and the time that is left. */
export function trainingProgress({ accuracy, terminal, write }: ProgressOptions): Callback {
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage} % | {line}',
    hideCursor: true,
    clearOnComplete: true,
  })
  let plan: Progress = { epochs: 1, stepsPerEpoch: 1, samplesPerEpoch: 1 }
  let done = 0
  let samples = 0
  let seconds = 0
  let rate = 0
  let loss = Number.NaN
  let written = performance.now()
  const line = (): string => {
    const total = plan.epochs * plan.samplesPerEpoch
    const left = (total - samples) / rate
    return [
      `step ${done}/${plan.epochs * plan.stepsPerEpoch}`,
      `${rate.toFixed(1)} img/s`,
      `loss ${loss.toFixed(4)}`,
      `accuracy ${percent(accuracy())}`,
      `ETA ${duration(left)}`,
    ].join(' | ')
  }
  return {
    onTrainBegin(progress) {
      plan = progress
      if (terminal) bar.start(progress.epochs * progress.stepsPerEpoch, 0, { line: '' })
    },
    onStep(record: StepRecord) {
      done = record.step + 1
      samples += record.samples
      seconds += record.seconds
      rate = samples / seconds
      loss = Number.isNaN(loss) ? record.loss : 0.9 * loss + 0.1 * record.loss
      if (terminal) {
        bar.update(done, { line: line() })
      } else if (performance.now() - written > lineInterval * 1000) {
        written = performance.now()
        write(line())
      }
    },
    onEpoch({ epoch, training, validation, seconds: taken }: EpochRecord) {
      const scores = [
        `epoch ${epoch + 1}/${plan.epochs}`,
        `${(training.samples / taken).toFixed(1)} img/s`,
        `loss ${training.loss.toFixed(4)}`,
        `accuracy ${percent(training.top1)}`,
        ...(validation === undefined ? [] : [`validation accuracy ${percent(validation.top1)}`]),
        duration(taken),
      ]
      if (terminal && epoch + 1 === plan.epochs) bar.stop()
      write(scores.join(' | '))
    },
    onTrainEnd() {
      if (terminal) bar.stop()
    },
  }
}

/** `97.12 %`. */
export { percent }
