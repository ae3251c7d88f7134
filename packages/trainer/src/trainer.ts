import {
  type Callback,
  ConvzooError,
  categoricalCrossentropy,
  type Dataset,
  type Model,
  messageOf,
  type NamedTensor,
  type Optimizer,
  optional,
  requireArguments,
  requireClasses,
  type Score,
  type StateSpec,
  type TrainingEnding,
  texts,
  unusableOption,
  type WeightAverage,
} from '@convzoo/core'
import { readAverages, requireAverages } from './averages.js'
import { type Memories, memoriesOf, requireNames, restoreMemories } from './callbacks/memory.js'
import { Telling } from './callbacks/telling.js'
import { Watch } from './callbacks/watch.js'
import {
  continuation,
  identityOf,
  joinedSettings,
  readCheckpoint,
  requireKeepable,
  requireSameSettings,
  type Settings,
  type TrainedOn,
  type TrainerState,
  writeCheckpoint,
} from './checkpoint/index.js'
import { compiledFor } from './compiled-for.js'
import { type Evaluation, evaluateDataset } from './evaluation.js'
import { type FitResult, fitting } from './fitting.js'
import { ModelClasses } from './model-classes.js'
import {
  checkpointPath,
  type EvaluateOptions,
  evaluateOptions,
  type FitOptions,
  fitOptions,
  type LoadedCheckpoint,
  type PredictOptions,
  type PrepareOptions,
  predictOptions,
  prepareOptions,
  type ReadWeightsOptions,
  readWeightsOptions,
  type TrainerOptions,
  trainerOptions,
  type WeightsKind,
} from './options.js'
import { predictImages } from './prediction.js'
import { Session } from './session.js'
import { type Position, Stand } from './stand.js'
import { isReason, type Stop } from './stop.js'
import { collectedTensors } from './tensors.js'

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
  readonly #average: WeightAverage | undefined
  readonly #microBatchSize: number | undefined
  readonly #callbacks: readonly Callback[]
  readonly #telling: Telling
  readonly #session: Session
  readonly #seed: number
  /** What must agree whatever is trained on. */
  readonly #settings: Settings
  readonly #log: (line: string) => void
  readonly #classes: ModelClasses
  /** What is trained on, and how much of it at a time; of a loaded checkpoint until the next fit. */
  #data: TrainedOn | undefined
  #loadedFrom: string | undefined
  readonly #stand: Stand
  #isTraining = false
  /** Checkpoints that are being loaded. */
  #loading = 0

  /**
   * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if a layer of the model, the loss or the optimizer does not
   * give what it should: it is named.
   */
  constructor(options: TrainerOptions) {
    const {
      model,
      engine,
      optimizer,
      average,
      microBatchSize,
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
    requireNames(callbacks)
    this.#telling = new Telling(callbacks)
    this.#stand = new Stand(() => this.#telling.begin())
    this.#seed = seed
    this.#log = log ?? (() => undefined)
    this.#classes = new ModelClasses(model, classes, this.#log)
    const own = { seed: String(seed), optimizer: optimizer?.name ?? 'none', loss: loss.name }
    this.#settings = joinedSettings(identity, own)
    this.#average = average
    this.#microBatchSize = microBatchSize
    const accumulation = microBatchSize !== undefined
    this.#session = new Session({ model, engine, optimizer, average, accumulation, loss, seed, log })
    requireKeepable(this.#session.state, this.#settings, this.classes)
  }

  /** How far training has come. */
  get position(): Position {
    return this.#stand.position
  }

  /** Names of the model's outputs, in their order; undefined while nothing has said them. */
  get classes(): readonly string[] | undefined {
    return this.#classes.names
  }

  /** Over the steps of the current epoch so far, while the weights moved; undefined before the first step. */
  get score(): Score | undefined {
    return this.#stand.score
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
    const wanted = compiledFor({ train, evaluate, predict }, this.#microBatchSize)
    for (const { weights } of [...evaluate, ...predict]) this.#requireAverages(weights)
    if (train.length > 0) this.#requireOptimizer()
    await this.#session.prepare(wanted)
  }

  /**
   * Trains.
   *
   * @throws ConvzooError of kind `option` for a bad option or a model without classes, of kind `shape` or `data` if the dataset does not
   * fit, has other classes, or gives what cannot be learned from, of kind `numeric` if a step leaves the finite numbers: nothing of that
   * step is kept; of kind `state` if the trainer is training already or is disposed of, or if a checkpoint was loaded, or an epoch was
   * begun, that other images or another batch size belong to. What a callback throws; an error of training goes before one of `onTrainEnd`.
   */
  async fit(given: Dataset, options: FitOptions): Promise<FitResult> {
    const { signal, ...parsed } = fitOptions.parse('fit', options)
    requireClasses(this.#model)
    const optimizer = this.#requireOptimizer()
    this.#requireIdle()
    this.#isTraining = true
    const stop = this.#session.stop(signal)
    const watch = new Watch(
      { trainer: this, model: this.#model, writeState: (tensors) => this.#writeState(tensors) },
      stop,
    )
    const failures: unknown[] = []
    let result: FitResult = { completed: false, epochs: [] }
    try {
      result = await this.#fit(given, { ...parsed, signal }, { optimizer, stop, watch })
    } catch (error) {
      if (!isReason(signal, error)) failures.push(error)
    }
    this.#isTraining = false
    watch.end(endingOf(result, failures.length > 0))
    failures.push(...(await this.#telling.tellEnd((callback) => callback.onTrainEnd?.(watch.context), stop)))
    if (failures.length === 0) return result
    for (const failure of failures.slice(1))
      this.#log(`Then a callback failed at the end of training: ${messageOf(failure)}`)
    throw failures[0]
  }

  /**
   * How well the model does on a dataset, with the weights as they are from the first image to the last: training that goes on beside it
   * waits. The dataset's classes may be some of the model's, in any order.
   *
   * @throws ConvzooError of kind `option` for a bad option or a model without classes, of kind `shape` or `data` if the dataset does not
   * fit or has no image that can be read, of kind `numeric` if the loss is not finite. The reason of the signal, if it is given.
   */
  async evaluate(given: Dataset, options: EvaluateOptions): Promise<Evaluation> {
    const parsed = evaluateOptions.parse('evaluate', options)
    requireClasses(this.#model)
    const dataset = this.#classes.evaluated(given)
    const { batchSize, weights, signal } = parsed
    const stop = this.#session.stop(signal)
    stop.throwIfGiven()
    this.#requireAverages(weights, this.position)
    await stop.race(this.prepare({ evaluate: [{ samples: dataset.length, batchSize, weights }] }))
    return evaluateDataset(this.#session, dataset, parsed)
  }

  /**
   * What the model gives for images: [N, H, W, C], preprocessed as those that it was trained on → [N, classes], the probability of each
   * class; of a model without classes [N, features] or [N, H′, W′, C′], row-major. However many images come, few batch sizes are compiled.
   *
   * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the array does not hold whole images of the model's input.
   */
  async predict(images: Float32Array, options: PredictOptions = {}): Promise<Float32Array> {
    const parsed = predictOptions.parse('predict', options)
    this.#requireAverages(parsed.weights, this.position)
    return predictImages(this.#session, images, this.#model.inputs[0]?.shape ?? [], parsed)
  }

  /**
   * Writes all that training depends on as one safetensors file: weights, statistics and the optimizer's slots as tensors, the
   * trainer's own as metadata. A trainer that loads it ends with the same weights, bit for bit, as one that never stopped.
   *
   * It may be called at any time: what is written is of the moment between two steps; training waits for it.
   *
   * @param path The file, or a function that gives it for where training stands at that moment.
   * @returns The path.
   * @throws ConvzooError of kind `file` if it cannot be written; a file that was there before stays whole.
   */
  async saveCheckpoint(path: string | ((position: Position) => string)): Promise<string> {
    requireArguments('saveCheckpoint', { path: [checkpointPath, path] })
    await this.prepare({})
    const stop = this.#session.stop()
    // A step that ends in between is heard of by the callbacks first.
    for (;;) {
      await this.#telling.allHeard(stop)
      const saved = await this.#session.look(async () => {
        if (!this.#telling.isHeard) return undefined
        const { position } = this.#stand
        const to = typeof path === 'function' ? path(position) : path
        await writeCheckpoint(to, this.#session, this.#kept())
        return to
      }, stop)
      if (saved !== undefined) return saved
    }
  }

  /**
   * Goes on where a checkpoint stands: {@link fit} with the same dataset, batch size and number of epochs does the rest.
   *
   * @throws ConvzooError of kind `file` if it is missing, damaged or no checkpoint, of kind `state` if its tensors or settings are
   * others: it says which; or if the trainer is training. Then nothing changes.
   */
  async loadCheckpoint(path: string): Promise<LoadedCheckpoint> {
    if (this.#isTraining) this.#requireIdle()
    this.#loading++
    try {
      await this.prepare({})
      return await this.#session.change(async () => {
        const loaded = await readCheckpoint(
          path,
          this.#session,
          (state) => {
            requireSameSettings(state.settings, this.#settings, path)
            this.#classes.requireSame(state.classes, path)
          },
          (memories) => restoreMemories(this.#callbacks, memories),
        )
        const { position, totals, classes, data, environment } = loaded
        this.#stand.set(position, totals)
        this.#classes.load(classes)
        this.#data = data
        this.#loadedFrom = path
        const now = this.#session.description ?? 'unknown'
        const warning = `${path} was made by ${environment}; this is ${now}: the last bits of the result may differ.`
        return { position, warnings: environment === now ? [] : [warning] }
      })
    } finally {
      this.#loading--
    }
  }

  /**
   * The model's weights and statistics, in its order: all that a prediction needs. Those of auxiliary heads, which exist in training only,
   * are part of {@link state} and of checkpoints. They are of the moment at which the first one is asked for, whatever happens meanwhile.
   * With `weights: 'average'` the averages take the places of their weights.
   *
   * @throws ConvzooError of kind `option` for a bad option, or if averages are asked for and none are kept, of kind `state` before the
   * first step, when there are none yet.
   */
  readWeights(options: ReadWeightsOptions = {}): AsyncIterable<NamedTensor> {
    const { weights } = readWeightsOptions.parse('readWeights', options)
    this.#requireAverages(weights, this.position)
    const names = this.#model.weights.map(({ name }) => name)
    return weights === 'average' ? readAverages(this.#session, names) : this.#session.readState(names)
  }

  /** State by name, of the moment at which the first is asked for; all of it, in the order of {@link state}, by default. */
  readState(names?: readonly string[]): AsyncIterable<NamedTensor> {
    requireArguments('readState', { names: [optional(texts), names] })
    return this.#session.readState(names)
  }

  /**
   * Replaces the model's weights and statistics, when the last of them has come; what else there is of {@link state} stays. What gives
   * them may read this trainer.
   *
   * @throws ConvzooError of kind `state` if one is missing, unknown or of another shape, or if the trainer is training, of kind `numeric`
   * if one is not finite; then nothing changes.
   */
  async writeWeights(tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>): Promise<void> {
    this.#requireIdle()
    const { weights } = this.#model
    const collected = await this.#session.stop().race(collectedTensors(tensors, weights))
    await this.#session.change(async () => {
      this.#requireIdle()
      await this.#session.write(collected, new Set(weights.map(({ name }) => name)))
    })
  }

  /** Ends what waits, by an error of kind `state`, and gives back what the engine holds. */
  async dispose(): Promise<void> {
    await this.#session.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }

  async #fit(
    given: Dataset,
    options: ParsedFit,
    { optimizer, stop, watch }: { readonly optimizer: Optimizer; readonly stop: Stop; readonly watch: Watch },
  ): Promise<FitResult> {
    const { epochs, batchSize, validation: looked, allowChangedData, ...more } = options
    const { validationBatchSize = batchSize } = more
    stop.throwIfGiven()
    const fitted = this.#useData(given, { batchSize, validation: looked, allowChangedData }, stop)
    const { training: dataset, validated: validation } = await fitted
    requireEpochs(epochs, this.position)
    const samples = dataset.length
    const rest = samples - this.position.sample
    const work = {
      train: [samples, rest].map((count) => ({ samples: count, batchSize })),
      evaluate:
        validation === undefined
          ? []
          : [{ samples: validation.length, batchSize: validationBatchSize, weights: more.validationWeights }],
    }
    await stop.race(this.prepare(work))
    return fitting({
      ...more,
      session: this.#session,
      stand: this.#stand,
      optimizer,
      average: this.#average,
      microBatchSize: this.#microBatchSize,
      telling: this.#telling,
      watch,
      seed: this.#seed,
      dataset,
      validation,
      epochs,
      batchSize,
      validationBatchSize,
    })
  }

  /** What to train on from now on, as the model takes it. Nothing changes if a dataset does not fit. */
  async #useData(
    dataset: Dataset,
    { batchSize, validation, allowChangedData }: DataOptions,
    stop: Stop,
  ): Promise<ReturnType<ModelClasses['trained']>> {
    const fitted = this.#classes.trained(dataset, validation)
    const now = { identity: await stop.race(identityOf(dataset)), batchSize }
    const stand = { position: this.position, data: this.#data, loadedFrom: this.#loadedFrom }
    const { position, data, line } = continuation(stand, now, allowChangedData)
    if (line !== undefined) this.#log(line)
    this.#classes.learn(fitted.training, this.#loadedFrom)
    this.#stand.set(position)
    this.#data = data
    this.#loadedFrom = undefined
    return fitted
  }

  /** Replaces those of the state that are given. */
  async #writeState(tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>): Promise<void> {
    const collected = await this.#session.stop().race(collectedTensors(tensors, this.state, { some: true }))
    await this.#session.change(() => this.#session.write(collected))
  }

  /** What a checkpoint holds besides tensors. */
  #kept(): Omit<TrainerState, 'callbacks'> & { readonly memories: Memories } {
    const { position, totals } = this.#stand
    return {
      position,
      totals,
      settings: this.#settings,
      environment: this.#session.description ?? 'unknown',
      ...(this.classes === undefined ? {} : { classes: this.classes }),
      ...(this.#data === undefined ? {} : { data: this.#data }),
      auxiliary: this.#auxiliary(),
      memories: memoriesOf(this.#callbacks),
    }
  }

  /** Names of the weights and statistics that only auxiliary heads have. */
  #auxiliary(): readonly string[] {
    const own = new Set(this.#model.weights.map(({ name }) => name))
    return this.state
      .filter(({ name, role }) => (role === 'weight' || role === 'statistic') && !own.has(name))
      .map(({ name }) => name)
  }

  #requireIdle(): void {
    if (!this.#isTraining && this.#loading === 0) return
    throw new ConvzooError({
      kind: 'state',
      message: `This trainer is ${this.#isTraining ? 'training' : 'loading a checkpoint'}.`,
      expected: 'a trainer that neither trains nor loads a checkpoint',
      mend: 'wait for that to end; while it trains, it may be read, evaluated and saved',
    })
  }

  #requireAverages(weights: WeightsKind | undefined, position?: Position): void {
    if (weights === 'average') requireAverages(this.#average, position)
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

function endingOf({ completed, stopped }: FitResult, hasFailed: boolean): TrainingEnding {
  if (hasFailed) return 'failed'
  if (!completed) return 'aborted'
  return stopped === undefined ? 'finished' : 'stopped'
}

type ParsedFit = ReturnType<typeof fitOptions.parse>
type DataOptions = Pick<FitOptions, 'batchSize' | 'validation'> & { readonly allowChangedData: boolean }

/** Epochs are counted from the start of the run, so fewer than are done are none that could be trained. */
function requireEpochs(epochs: number, { epoch }: Position): void {
  if (epochs >= epoch) return
  throw unusableOption('"epochs" of fit', {
    expected: `at least ${epoch}, which are done: they are counted from the start of the run`,
    received: String(epochs),
    mend: 'give the number of epochs in all',
  })
}
