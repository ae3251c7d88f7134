import { ConvzooError, type TrainingContext, type TrainingEnding } from '@convzoo/core'
import { numberAbove, optional, requireArguments, text } from '@convzoo/core/define'
import type { Stand } from '../stand.js'
import type { Stop } from '../stop.js'

/** What a context shows of a trainer. */
type Shown = Pick<
  TrainingContext,
  'position' | 'score' | 'classes' | 'state' | 'readState' | 'readWeights' | 'saveCheckpoint'
>

/** A trainer as callbacks get it into their hands: they may replace weights while it trains. */
export interface WatchedTrainer extends Pick<TrainingContext, 'model' | 'writeState'> {
  readonly trainer: Shown & { readonly description: string | undefined }
  readonly stand: Stand
  readonly folder?: string | (() => string | undefined) | undefined
}

/** One training as its callbacks see it. */
export class Watch {
  readonly context: TrainingContext
  readonly #unfollow: () => void
  #stopped: string | undefined
  #ending: TrainingEnding | undefined
  #readGradients: TrainingContext['readGradients'] = notBegun

  constructor({ trainer, stand, model, writeState, folder }: WatchedTrainer, stop: Stop) {
    const controller = new AbortController()
    this.#unfollow = stop.follow((reason) => controller.abort(reason))
    const ending = (): TrainingEnding | undefined => this.#ending
    this.context = {
      get position() {
        return trainer.position
      },
      get score() {
        return trainer.score
      },
      model,
      get classes() {
        return trainer.classes
      },
      get description() {
        return trainer.description ?? ''
      },
      get folder() {
        return typeof folder === 'function' ? folder() : folder
      },
      state: trainer.state,
      get learningRateFactor() {
        return stand.rateFactor
      },
      scaleLearningRate: (factor) => {
        requireArguments('scaleLearningRate', { factor: [numberAbove(0), factor] })
        stand.rateFactor *= factor
      },
      signal: controller.signal,
      get ending() {
        return ending()
      },
      stop: (reason = 'a callback stopped it') => {
        requireArguments('stop', { reason: [optional(text), reason] })
        this.#stopped ??= reason
      },
      readState: (names) => trainer.readState(names),
      readWeights: () => trainer.readWeights(),
      readGradients: (names) => this.#readGradients(names),
      writeState,
      saveCheckpoint: (path) => trainer.saveCheckpoint(path),
    }
  }

  /** From now on there is a next step, whose gradients can be asked for. */
  begin(readGradients: TrainingContext['readGradients']): void {
    this.#readGradients = readGradients
  }

  /** Why a callback stopped it, if one did. */
  get stopped(): string | undefined {
    return this.#stopped
  }

  /** From now on callbacks know how it ended, and nothing follows the signal any more. */
  end({ completed, stopped }: { readonly completed: boolean; readonly stopped?: string }, hasFailed: boolean): void {
    if (hasFailed) this.#ending = 'failed'
    else if (!completed) this.#ending = 'aborted'
    else this.#ending = stopped === undefined ? 'finished' : 'stopped'
    this.#unfollow()
  }
}

const notBegun = (): never => {
  throw new ConvzooError({
    kind: 'state',
    message: 'Gradients were asked for before training began.',
    expected: 'a training that has begun: onTrainBegin and what is told after it',
  })
}
