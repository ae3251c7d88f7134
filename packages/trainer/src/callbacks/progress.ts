import type { EpochRecord, Progress, StepRecord, TrainingContext } from '@convzoo/core'
import { defineCallback, described, functionOf, type OptionsOf } from '@convzoo/core/define'

/** How far training has come after a step, and how fast it goes. */
export interface StepProgress {
  readonly type: 'step'
  /** Steps done, and how many there are in all: those that were done before are counted in. */
  readonly step: number
  readonly steps: number
  /** From 0. */
  readonly epoch: number
  readonly epochs: number
  /** Of this training; what was done before says nothing about speed. */
  readonly imagesPerSecond: number
  /** Until the last epoch ends, at that speed, validations left out. */
  readonly secondsLeft: number
  /** Until the epoch under way ends, likewise. */
  readonly epochSecondsLeft: number
  /** Of the last steps, each of which counts for nine tenths of the one after it. */
  readonly loss: number
  /** Over the steps of the epoch. */
  readonly top1: number
  /** Part of the time that was waited for data. */
  readonly waited: number
}

/** What an epoch gave, and how fast it went. */
export interface EpochProgress extends EpochRecord {
  readonly epochs: number
  readonly imagesPerSecond: number
}

export type TrainingProgress = StepProgress | EpochProgress

type Tell = (progress: TrainingProgress, context: TrainingContext) => void | Promise<void>

/**
 * Tells after each step and each epoch how far training has come, how fast it goes and how long the rest takes, as plain data.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const tell = (progress) => {
 *   if (progress.type === 'step') console.log(`${progress.step} of ${progress.steps}, ${progress.secondsLeft} s left`)
 * }
 * const callbacks = [progress({ tell })]
 */
export const progress = defineCallback({
  specification: 'callback/v1',
  name: 'progress',
  title: 'tells how far training has come, and how long the rest takes',
  options: { tell: described('gets it after each step and each epoch', functionOf<Tell>()) },
  create({ tell }) {
    let pace = new Pace()
    return {
      onTrainBegin(plan) {
        pace = new Pace(plan)
      },
      onStep: (record, context) => tell(pace.step(record, context), context),
      onEpoch: (record, context) => tell(pace.epoch(record), context),
    }
  },
})

export type ProgressOptions = OptionsOf<typeof progress>

/** How fast a training goes. */
class Pace {
  readonly #plan: Progress
  #samples = 0
  #seconds = 0
  #waited = 0
  #epochSamples = 0
  #loss = Number.NaN

  constructor(plan: Progress = { epochs: 1, stepsPerEpoch: 1, samplesPerEpoch: 1, done: { steps: 0, samples: 0 } }) {
    this.#plan = plan
  }

  step(record: StepRecord, { score }: Pick<TrainingContext, 'score'>): StepProgress {
    const { epochs, stepsPerEpoch, samplesPerEpoch, done } = this.#plan
    this.#samples += record.samples
    this.#epochSamples += record.samples
    this.#seconds += record.seconds
    this.#waited += record.waited
    this.#loss = Number.isNaN(this.#loss) ? record.loss : 0.9 * this.#loss + 0.1 * record.loss
    const gone = done.samples + this.#samples
    const secondsFor = (samples: number): number => (samples * this.#seconds) / this.#samples
    return {
      type: 'step',
      step: record.step + 1,
      steps: epochs * stepsPerEpoch,
      epoch: record.epoch,
      epochs,
      imagesPerSecond: this.#samples / this.#seconds,
      secondsLeft: secondsFor(epochs * samplesPerEpoch - gone),
      epochSecondsLeft: secondsFor((record.epoch + 1) * samplesPerEpoch - gone),
      loss: this.#loss,
      top1: score?.top1 ?? 0,
      waited: this.#waited / this.#seconds,
    }
  }

  epoch(record: EpochRecord): EpochProgress {
    const samples = this.#epochSamples
    this.#epochSamples = 0
    return { ...record, epochs: this.#plan.epochs, imagesPerSecond: samples / record.seconds }
  }
}
