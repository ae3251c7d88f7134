import {
  type Callback,
  ConvzooError,
  categoricalCrossentropy,
  type Dataset,
  type EpochRecord,
  type Model,
  type NamedTensor,
  type Optimizer,
  requireClasses,
  type Score,
  type StateSpec,
} from '@convzoo/core'
import { batchSizesOf } from './batches/index.js'
import {
  continuation,
  identityOf,
  readCheckpoint,
  requireSameSettings,
  type Settings,
  type TrainedOn,
  writeCheckpoint,
} from './checkpoint/index.js'
import { type Evaluation, evaluateDataset } from './evaluation.js'
import { RunningScore } from './metrics/index.js'
import { ModelClasses } from './model-classes.js'
import {
  type EvaluateOptions,
  evaluateOptions,
  type FitOptions,
  type FitResult,
  fitOptions,
  type LoadedCheckpoint,
  type PredictOptions,
  type PrepareOptions,
  predictOptions,
  prepareOptions,
  type TrainerOptions,
  trainerOptions,
  type Workload,
} from './options.js'
import { imageCount, predictImages } from './prediction.js'
import { type BatchSizes, Session } from './session.js'
import { checkedTensors } from './tensors.js'
import { type Position, type StepDone, TrainingSteps } from './training-steps.js'

/**
 * Trains and evaluates a model on an engine.
 *
 * @example
 * await using trainer = new Trainer({ model, engine, optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }) })
 * await trainer.fit(dataset, { epochs: 5, batchSize: 32 })
 * const { top1 } = await trainer.evaluate(test, { batchSize: 32 })
 */
export class Trainer {
  readonly #model: Model
  readonly #optimizer: Optimizer | undefined
  readonly #callbacks: readonly Callback[]
  readonly #session: Session
  readonly #seed: number
  /** What must agree whatever is trained on. */
  readonly #settings: Settings
  readonly #log: (line: string) => void
  readonly #classes: ModelClasses
  /** What is trained on, and how much of it at a time; of a loaded checkpoint until the next fit. */
  #data: TrainedOn | undefined
  #loadedFrom: string | undefined
  #position: Position = { step: 0, epoch: 0, sample: 0 }
  #running = new RunningScore()
  #training = false

  /**
   * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if a layer of the model, the loss or the optimizer does not
   * give what it should: it is named.
   */
  constructor(options: TrainerOptions) {
    const {
      model,
      engine,
      optimizer,
      loss = categoricalCrossentropy(),
      seed,
      identity,
      classes,
      callbacks,
      log,
    } = trainerOptions.parse('Trainer', options)
    this.#model = model
    this.#optimizer = optimizer
    this.#callbacks = callbacks
    this.#seed = seed
    this.#log = log ?? (() => undefined)
    this.#classes = new ModelClasses(model, classes, this.#log)
    this.#settings = { ...identity, seed: String(seed), optimizer: optimizer?.name ?? 'none', loss: loss.name }
    this.#session = new Session({ model, engine, optimizer, loss, seed, log })
  }

  /** How far training has come. */
  get position(): Position {
    return this.#position
  }

  /** Names of the model's outputs, in their order; undefined while nothing has said them. */
  get classes(): readonly string[] | undefined {
    return this.#classes.names
  }

  /** Over the steps of the current epoch so far, while the weights moved. */
  get score(): Score {
    return this.#running.score
  }

  /** All that stands between two steps: weights and statistics; with an optimizer those of auxiliary heads, too, and its slots. */
  get state(): readonly StateSpec[] {
    return this.#session.state
  }

  /** What it runs on, in one line, once something is prepared. */
  get description(): string | undefined {
    return this.#session.description
  }

  /**
   * Compiles for work to come. {@link fit} and {@link evaluate} do so themselves; told of everything beforehand, the trainer
   * compiles once.
   */
  async prepare(options: PrepareOptions): Promise<void> {
    const { train, evaluate, predict } = prepareOptions.parse('prepare', options)
    const sizes = (workloads: readonly Workload[]): readonly number[] =>
      workloads.flatMap(({ samples, batchSize }) => batchSizesOf(samples, batchSize))
    const wanted: BatchSizes = { train: sizes(train), evaluate: sizes(evaluate), predict: sizes(predict) }
    if ((wanted.train ?? []).length > 0) this.#requireOptimizer()
    await this.#session.prepare(wanted)
  }

  /**
   * Trains.
   *
   * @throws ConvzooError of kind `option` for a bad option or a model without classes, of kind `shape` or `data` if the dataset does not
   * fit or has other classes, of kind `numeric` if a step leaves the finite numbers: nothing of that step is kept; of kind `state` if a
   * checkpoint was loaded, or an epoch was begun, that other images or another batch size belong to.
   */
  async fit(given: Dataset, options: FitOptions): Promise<FitResult> {
    const { epochs, batchSize, validation: looked, ...more } = fitOptions.parse('fit', options)
    const { validateEvery, validationBatchSize = batchSize, allowChangedData, onValidated, signal } = more
    requireClasses(this.#model)
    const optimizer = this.#requireOptimizer()
    if (this.#training) {
      throw new ConvzooError({
        kind: 'state',
        message: 'This trainer is training already.',
        mend: 'wait for its fit to end',
      })
    }
    this.#training = true
    try {
      const { training: dataset, validated: validation } = await this.#useData(given, {
        batchSize,
        validation: looked,
        allowChangedData,
      })
      const samples = dataset.length
      const rest = samples - this.#position.sample
      await this.prepare({
        train: [samples, rest].map((count) => ({ samples: count, batchSize })),
        evaluate: validation === undefined ? [] : [{ samples: validation.length, batchSize: validationBatchSize }],
      })
      const stepsPerEpoch = Math.ceil(samples / batchSize)
      const { step, epoch, sample } = this.#position
      const done = { steps: step, samples: epoch * samples + sample }
      await this.#tell((callback) => callback.onTrainBegin?.({ epochs, stepsPerEpoch, samplesPerEpoch: samples, done }))
      const records: EpochRecord[] = []
      let last: Evaluation | undefined
      const validate = async (): Promise<Evaluation | undefined> => {
        const number = this.#position.epoch + 1
        if (validation === undefined || (number < epochs && number % validateEvery !== 0)) return undefined
        last = await evaluateDataset(this.#session, validation, {
          batchSize: validationBatchSize,
          onEvaluated: onValidated,
          signal,
        })
        return last
      }
      const steps = new TrainingSteps({
        session: this.#session,
        dataset,
        optimizer,
        seed: this.#seed,
        batchSize,
        epochs,
        running: () => this.#running,
      }).from(this.#position, signal)
      try {
        while (this.#position.epoch < epochs) {
          const record = await this.#trainEpoch(steps, dataset.length, validate, signal)
          if (record === undefined) break
          records.push(record)
        }
      } finally {
        await steps.return()
      }
      const completed = this.#position.epoch >= epochs
      return { completed, epochs: records, ...(completed && last !== undefined ? { validation: last } : {}) }
    } finally {
      this.#training = false
      await this.#tell((callback) => callback.onTrainEnd?.())
    }
  }

  /**
   * How well the model does on a dataset, with the weights as they are. The dataset's classes may be some of the model's, in any order.
   *
   * @throws ConvzooError of kind `option` for a bad option or a model without classes, of kind `shape` or `data` if the dataset does not
   * fit, of kind `numeric` if the loss is not finite.
   */
  async evaluate(given: Dataset, options: EvaluateOptions): Promise<Evaluation> {
    const parsed = evaluateOptions.parse('evaluate', options)
    requireClasses(this.#model)
    const dataset = this.#classes.evaluated(given)
    await this.prepare({ evaluate: [{ samples: dataset.length, batchSize: parsed.batchSize }] })
    return evaluateDataset(this.#session, dataset, parsed)
  }

  /**
   * What the model gives for images: [N, H, W, C], preprocessed as those that it was trained on → [N, classes], the probability of each
   * class; of a model without classes [N, features] or [N, H′, W′, C′], row-major.
   *
   * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the array does not hold whole images of the model's input.
   */
  async predict(images: Float32Array, options: PredictOptions = {}): Promise<Float32Array> {
    const { batchSize } = predictOptions.parse('predict', options)
    const shape = this.#model.inputs[0]?.shape ?? []
    await this.prepare({ predict: [{ samples: imageCount(images, shape), batchSize }] })
    return predictImages(this.#session, images, shape, batchSize)
  }

  /**
   * Writes all that training depends on as one safetensors file: weights, statistics and the optimizer's slots as tensors, the
   * trainer's own as metadata. A trainer that loads it ends with the same weights, bit for bit, as one that never stopped.
   *
   * Call it between steps: from a callback, or when no {@link fit} is under way.
   *
   * @throws ConvzooError of kind `file` if it cannot be written; a file that was there before stays whole.
   */
  async saveCheckpoint(path: string): Promise<void> {
    await this.prepare({})
    const own = new Set(this.#model.weights.map(({ name }) => name))
    const isAuxiliary = ({ name, role }: StateSpec): boolean =>
      (role === 'weight' || role === 'statistic') && !own.has(name)
    await writeCheckpoint(path, this.#session, {
      position: this.#position,
      totals: this.#running.totals,
      settings: this.#settings,
      environment: this.#session.description ?? 'unknown',
      ...(this.classes === undefined ? {} : { classes: this.classes }),
      ...(this.#data === undefined ? {} : { data: this.#data }),
      auxiliary: this.state.filter(isAuxiliary).map(({ name }) => name),
    })
  }

  /**
   * Goes on where a checkpoint stands: {@link fit} with the same dataset, batch size and number of epochs does the rest.
   *
   * @throws ConvzooError of kind `file` if it is missing, damaged or no checkpoint, of kind `state` if its tensors or settings are
   * others: it says which. Then nothing changes.
   */
  async loadCheckpoint(path: string): Promise<LoadedCheckpoint> {
    await this.prepare({})
    const { position, totals, classes, data, environment } = await readCheckpoint(path, this.#session, (state) => {
      requireSameSettings(state.settings, this.#settings, path)
      this.#classes.requireSame(state.classes, path)
    })
    this.#position = position
    this.#running = new RunningScore(totals)
    this.#classes.load(classes)
    this.#data = data
    this.#loadedFrom = path
    const now = this.#session.description ?? 'unknown'
    const warnings =
      environment === now
        ? []
        : [`${path} was made by ${environment}; this is ${now}: the last bits of the result may differ.`]
    return { position, warnings }
  }

  /**
   * The model's weights and statistics, in its order: all that a prediction needs. Those of auxiliary heads, which exist in training only,
   * are part of {@link state} and of checkpoints.
   */
  readWeights(): AsyncIterable<NamedTensor> {
    return this.#session.readState(this.#model.weights.map(({ name }) => name))
  }

  /** State by name; all of it, in the order of {@link state}, by default. */
  readState(names?: readonly string[]): AsyncIterable<NamedTensor> {
    return this.#session.readState(names)
  }

  /**
   * Replaces the model's weights and statistics; what else there is of {@link state} stays.
   *
   * @throws ConvzooError of kind `state` if one is missing, unknown or of another shape; then nothing changes.
   */
  async writeWeights(tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>): Promise<void> {
    const { weights } = this.#model
    await this.#session.writeState(checkedTensors(tensors, weights), new Set(weights.map(({ name }) => name)))
  }

  /** Gives back what the engine holds. */
  async dispose(): Promise<void> {
    await this.#session.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }

  /** The epoch under way to its end; undefined if training stops before. */
  async #trainEpoch(
    steps: AsyncGenerator<StepDone, void, undefined>,
    samples: number,
    validate: () => Promise<Evaluation | undefined>,
    signal: AbortSignal | undefined,
  ): Promise<EpochRecord | undefined> {
    if (this.#position.sample === 0) this.#running = new RunningScore()
    const began = performance.now()
    while (this.#position.sample < samples) {
      const { value } = await steps.next()
      if (value === undefined) return undefined
      this.#position = value.position
      await this.#tell((callback) => callback.onStep?.(value.record))
    }
    const seconds = (performance.now() - began) / 1000
    const number = this.#position.epoch
    const score = await validate().catch((error: unknown) => {
      if (signal?.aborted === true && error === signal.reason) return 'stopped' as const
      throw error
    })
    if (score === 'stopped') return undefined
    this.#position = { step: this.#position.step, epoch: number + 1, sample: 0 }
    const record: EpochRecord = {
      type: 'epoch',
      epoch: number,
      training: this.#running.score,
      ...(score === undefined ? {} : { validation: scoreOf(score) }),
      seconds,
    }
    await this.#tell((callback) => callback.onEpoch?.(record))
    return record
  }

  async #tell(what: (callback: Callback) => void | Promise<void> | undefined): Promise<void> {
    for (const callback of this.#callbacks) await what(callback)
  }

  /** What to train on from now on, as the model takes it. Nothing changes if a dataset does not fit. */
  async #useData(
    dataset: Dataset,
    { batchSize, validation, allowChangedData }: DataOptions,
  ): Promise<ReturnType<ModelClasses['trained']>> {
    const fitting = this.#classes.trained(dataset, validation)
    const stand = { position: this.#position, data: this.#data, loadedFrom: this.#loadedFrom }
    const now = { identity: await identityOf(dataset), batchSize }
    const { position, data, line } = continuation(stand, now, allowChangedData)
    if (line !== undefined) this.#log(line)
    this.#classes.learn(fitting.training, this.#loadedFrom)
    this.#position = position
    this.#data = data
    this.#loadedFrom = undefined
    return fitting
  }

  #requireOptimizer(): Optimizer {
    if (this.#optimizer !== undefined) return this.#optimizer
    throw new ConvzooError({
      kind: 'option',
      message: 'This trainer has no optimizer, so it can only evaluate.',
      expected: 'the option "optimizer"',
      mend: 'new Trainer({ model, engine, optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }) })',
    })
  }
}

type DataOptions = Pick<FitOptions, 'batchSize' | 'validation'> & { readonly allowChangedData: boolean }

const scoreOf = ({ samples, loss, top1, top5 }: Score): Score => ({ samples, loss, top1, top5 })
