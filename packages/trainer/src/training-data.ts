import type { Dataset } from '@convzoo/core'
import { continuation, identityOf, type TrainedOn } from './checkpoint/index.js'
import { labelsOf } from './class-weights.js'
import type { ModelClasses } from './model-classes.js'
import type { FitOptions, Sampling } from './options.js'
import type { Stand } from './stand.js'
import type { Stop } from './stop.js'

type DataOptions = Pick<FitOptions, 'batchSize' | 'validation'> & {
  readonly allowChangedData: boolean
  readonly sampling: Sampling
}

interface TrainingDataOptions {
  readonly stand: Stand
  readonly classes: ModelClasses
  readonly log: (line: string) => void
}

/** What a trainer trains on, and how much of it at a time; of a loaded checkpoint until the next training. */
export class TrainingData {
  readonly #options: TrainingDataOptions
  #current: TrainedOn | undefined
  #loadedFrom: string | undefined

  constructor(options: TrainingDataOptions) {
    this.#options = options
  }

  get current(): TrainedOn | undefined {
    return this.#current
  }

  /** Those of a checkpoint. */
  load(data: TrainedOn | undefined, path: string): void {
    this.#current = data
    this.#loadedFrom = path
  }

  /** What to train on from now on, as the model takes it. Nothing changes if a dataset does not fit. */
  async use(
    dataset: Dataset,
    { batchSize, validation, allowChangedData, sampling }: DataOptions,
    stop: Stop,
  ): Promise<ReturnType<ModelClasses['trained']>> {
    const { stand, classes, log } = this.#options
    const fitted = classes.trained(dataset, validation)
    if (sampling === 'balanced') labelsOf(dataset, 'sampling')
    const identity = await stop.race(identityOf(dataset))
    const now = { identity, batchSize, ...(sampling === 'balanced' ? { sampling } : {}) }
    const before = { position: stand.position, data: this.#current, loadedFrom: this.#loadedFrom }
    const { position, data, line } = continuation(before, now, allowChangedData)
    if (line !== undefined) log(line)
    classes.learn(fitted.training, this.#loadedFrom)
    stand.set(position)
    this.#current = data
    this.#loadedFrom = undefined
    return fitted
  }
}
