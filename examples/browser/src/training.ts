import { type Callback, createModel, type StepRecord, sgdw } from '@convzoo/core'
import { tfjs } from '@convzoo/engine-tfjs/browser'
import { nin } from '@convzoo/nin'
import { Trainer } from '@convzoo/trainer/browser'
import type { Digits } from './digits.js'
import { identity, momentum, type Settings, seed, weightDecay } from './settings.js'

/** What a page shows of a step. */
export type Watch = (record: StepRecord, accuracy: number) => void

/** A training that can be stopped, saved and resumed. */
export class Training {
  readonly #trainer: Trainer
  #stop = new AbortController()

  constructor(
    readonly settings: Settings,
    readonly digits: Digits,
    watch: Watch,
  ) {
    const { side, learningRate, allowCpu } = settings
    const shown: Callback = { onStep: (record, { score }) => watch(record, score?.top1 ?? 0) }
    this.#trainer = new Trainer({
      model: createModel(nin, { input: [side, side, 1], classes: digits.train.classes.length }),
      engine: tfjs({ allowCpu }),
      optimizer: sgdw({ learningRate, momentum, weightDecay }),
      seed,
      identity,
      callbacks: [shown],
    })
  }

  /** What it runs on, once it runs. */
  get description(): string {
    return this.#trainer.description ?? ''
  }

  get step(): number {
    return this.#trainer.position.step
  }

  /** Steps of the whole training. */
  get steps(): number {
    const { epochs, batchSize } = this.settings
    return epochs * Math.ceil(this.digits.train.length / batchSize)
  }

  /** Trains to the end or until it is stopped. Gives the accuracy on the test images at the end. */
  async run(): Promise<number | undefined> {
    this.#stop = new AbortController()
    const { epochs, batchSize } = this.settings
    const { signal } = this.#stop
    const { completed } = await this.#trainer.fit(this.digits.train, { epochs, batchSize, signal })
    if (!completed) return undefined
    const { top1 } = await this.#trainer.evaluate(this.digits.test, { batchSize })
    return top1
  }

  /** Ends after the step that is under way. */
  stop(): void {
    this.#stop.abort()
  }

  /** All that training depends on, as a file, under the name that the folder of a run has for it. */
  async save(): Promise<File> {
    const name = await this.#trainer.saveCheckpoint(({ step }) => `step-${String(step).padStart(8, '0')}.safetensors`)
    const blob = this.#trainer.checkpoints.get(name)
    this.#trainer.checkpoints.delete(name)
    return new File(blob === undefined ? [] : [blob], name)
  }

  /** Goes on from a file that was saved here or by the command line. */
  async load(file: File): Promise<void> {
    const { checkpoints } = this.#trainer
    checkpoints.set(file.name, file)
    try {
      await this.#trainer.loadCheckpoint(file.name)
    } finally {
      checkpoints.delete(file.name)
    }
  }
}
