import {
  categoricalCrossentropy,
  type Dataset,
  type Model,
  type NamedTensor,
  type Optimizer,
  type Score,
  type WeightMatch,
} from '@convzoo/core'
import { messageOf, optional, requireArguments, requireClasses, texts } from '@convzoo/core/define'
import type { StateSpec } from '@convzoo/core/engine'
import { readAverages, requireAverages } from './averages.js'
import { Telling } from './callbacks/telling.js'
import { Watch } from './callbacks/watch.js'
import {
  auxiliaryNames,
  environmentWarnings,
  joinedSettings,
  type KeptState,
  readCheckpoint,
  requireKeepable,
  requireSameSettings,
  type Settings,
  writeCheckpoint,
} from './checkpoint/index.js'
import { classWeightsOf } from './class-weights.js'
import { compiledFor } from './compiled-for.js'
import { evaluateDataset } from './evaluation.js'
import type { Evaluation } from './evaluation-result.js'
import { type FitResult, fitting, validatedKinds } from './fitting.js'
import { matchedTensors } from './matched-tensors.js'
import { ModelClasses } from './model-classes.js'
import {
  checkpointPath,
  type EvaluateOptions,
  evaluateOptions,
  type FitOptions,
  fitOptions,
  type LoadedCheckpoint,
  type ParsedTrainerOptions,
  type PredictOptions,
  type PrepareOptions,
  predictOptions,
  prepareOptions,
  type ReadWeightsOptions,
  readWeightsOptions,
  type TrainerOptions,
  trainerOptions,
  type WriteWeightsOptions,
  writeWeightsOptions,
} from './options.js'
import { inGroups } from './parameter-groups.js'
import type { CheckpointFiles, Platform } from './platform.js'
import { predictImages } from './prediction.js'
import { busy, requireEpochs, requireOptimizer, requireReadAtOnce } from './refusals.js'
import { Session } from './session.js'
import { type Position, Stand } from './stand.js'
import { slotsThatStartAs } from './starting-slots.js'
import { isReason, type Stop } from './stop.js'
import { collectedTensors } from './tensors.js'
import { TrainingData } from './training-data.js'

/** All of a trainer but where it runs. */
export class TrainerBase {
  readonly #model: Model
  readonly #optimizer: Optimizer | undefined
  readonly #options: Pick<
    ParsedTrainerOptions,
    'average' | 'microBatchSize' | 'readEvery' | 'classWeights' | 'seed' | 'storage'
  >
  readonly #telling: Telling
  readonly #session: Session
  /** What must agree whatever is trained on. */
  readonly #settings: Settings
  readonly #folder: TrainerOptions['folder']
  readonly #log: (line: string) => void
  readonly #classes: ModelClasses
  readonly #data: TrainingData
  readonly #files: CheckpointFiles
  readonly #stand: Stand
  #isTraining = false
  /** Checkpoints that are being loaded. */
  #loading = 0

  /**
   * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if a layer of the model, the loss or the optimizer does not
   * give what it should: it is named.
   */
  constructor(options: TrainerOptions, platform: Platform) {
    const given = trainerOptions.parse('Trainer', options)
    const { model, engine, optimizer, loss = categoricalCrossentropy(), identity, classes, callbacks, log } = given
    const { average, microBatchSize, readEvery, parameterGroups, classWeights, seed, storage } = given
    this.#model = model
    if (microBatchSize !== undefined) requireReadAtOnce(readEvery)
    this.#options = { average, microBatchSize, readEvery, classWeights, seed, storage }
    this.#optimizer = inGroups(optimizer, parameterGroups, model)
    this.#files = platform.files
    this.#telling = new Telling(callbacks, platform)
    this.#stand = new Stand(() => this.#telling.begin())
    this.#folder = given.folder
    this.#log = log ?? (() => undefined)
    this.#classes = new ModelClasses(model, classes, this.#log)
    this.#data = new TrainingData({ stand: this.#stand, classes: this.#classes, log: this.#log })
    const own = { seed: String(seed), optimizer: optimizer?.name ?? 'none', loss: loss.name }
    this.#settings = joinedSettings(identity, own)
    this.#session = new Session({
      ...{ model, engine, optimizer: this.#optimizer, average, loss, seed, log, platform },
      accumulation: microBatchSize !== undefined,
      classWeights: classWeights !== undefined,
      gradientNorm: given.gradientNorm,
    })
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
    const wanted = compiledFor({ train, evaluate, predict }, this.#options.microBatchSize)
    for (const { weights } of [...evaluate, ...predict]) requireAverages(weights, this.#options.average)
    if (train.length > 0) requireOptimizer(this.#optimizer)
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
    const optimizer = requireOptimizer(this.#optimizer)
    this.#requireIdle()
    this.#isTraining = true
    const stop = this.#session.stop(signal)
    const writeState: Watch['context']['writeState'] = (tensors) => this.#writeState(tensors)
    const watched = { trainer: this, stand: this.#stand, model: this.#model, folder: this.#folder, writeState }
    const watch = new Watch(watched, stop)
    const failures: unknown[] = []
    let result: FitResult = { completed: false, epochs: [] }
    try {
      result = await this.#fit(given, { ...parsed, signal }, { optimizer, stop, watch })
    } catch (error) {
      if (!isReason(signal, error)) failures.push(error)
    }
    this.#isTraining = false
    watch.end(result, failures.length > 0)
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
    const { batchSize, weights } = parsed
    const stop = this.#session.stop(parsed.signal)
    stop.throwIfGiven()
    requireAverages(weights, this.#options.average, this.position)
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
    requireAverages(parsed.weights, this.#options.average, this.position)
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
    return this.#telling.lookWhenHeard(this.#session, async () => {
      const to = typeof path === 'function' ? path(this.position) : path
      await writeCheckpoint(this.#files, to, this.#session, this.#kept(), this.#options.storage)
      return to
    })
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
          this.#files,
          path,
          this.#session,
          (state) => {
            requireSameSettings(state.settings, this.#settings, path)
            this.#classes.requireSame(state.classes, path)
          },
          (memories) => this.#telling.restore(memories),
        )
        const { position, environment, warnings } = loaded
        this.#stand.load(loaded)
        this.#classes.load(loaded.classes)
        this.#data.load(loaded.data, path)
        return { position, warnings: [...warnings, ...environmentWarnings(path, environment, this.#environment)] }
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
    requireAverages(weights, this.#options.average, this.position)
    const names = this.#model.weights.map(({ name }) => name)
    return weights === 'average' ? readAverages(this.#session, names) : this.#session.readState(names)
  }

  /** State by name, of the moment at which the first is asked for; all of it, in the order of {@link state}, by default. */
  readState(names?: readonly string[]): AsyncIterable<NamedTensor> {
    requireArguments('readState', { names: [optional(texts), names] })
    return this.#session.readState(names)
  }

  /**
   * Replaces the model's weights and statistics, when the last of them has come; what else there is of {@link state} stays,
   * but slots that start as their weights do so anew before the first step. What gives them may read this trainer. With `partial: true` those of the same name and shape are taken, whatever else comes: weights of a network
   * with another head, say.
   *
   * @returns The names of those that were taken and of those that were given besides: under a name that the model does not have (`left`), or
   * of another shape (`misshapen`); and of the model's that were not given (`missing`), which stay as they are.
   * @throws ConvzooError of kind `state` if, without `partial`, one is missing, unknown or of another shape, or if none fits; or if the
   * trainer is training; of kind `numeric` if one is not finite; then nothing changes.
   * @example
   * const { taken, missing } = await trainer.writeWeights(file.read(), { partial: true })
   */
  async writeWeights(
    tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>,
    options: WriteWeightsOptions = {},
  ): Promise<WeightMatch> {
    const { partial } = writeWeightsOptions.parse('writeWeights', options)
    this.#requireIdle()
    const { weights } = this.#model
    const stop = this.#session.stop()
    const { fitting: fits, match } = await stop.race(matchedTensors(tensors, weights, partial))
    await this.#session.change(async () => {
      this.#requireIdle()
      const written = this.position.step > 0 ? fits : [...fits, ...slotsThatStartAs(fits, this.#session.state)]
      await this.#session.write(written, new Set(written.map(({ name }) => name)))
    })
    return match
  }

  /** Ends what waits, by an error of kind `state`, and gives back what the engine holds. */
  dispose(): Promise<void> {
    return this.#session.dispose()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  async #fit(
    given: Dataset,
    options: ReturnType<typeof fitOptions.parse>,
    { optimizer, stop, watch }: { readonly optimizer: Optimizer; readonly stop: Stop; readonly watch: Watch },
  ): Promise<FitResult> {
    const { epochs, batchSize, validation: looked, allowChangedData, sampling, ...more } = options
    const { validationBatchSize = batchSize } = more
    stop.throwIfGiven()
    const fitted = await this.#data.use(given, { batchSize, validation: looked, allowChangedData, sampling }, stop)
    const { training: dataset, validated: validation } = fitted
    const { average, classWeights: asked } = this.#options
    const classWeights = asked === undefined ? undefined : classWeightsOf(asked, dataset)
    requireEpochs(epochs, this.position)
    const rest = dataset.length - this.position.sample
    const looks = validation === undefined ? [] : [{ samples: validation.length, batchSize: validationBatchSize }]
    const work = {
      train: [dataset.length, rest].map((samples) => ({ samples, batchSize })),
      evaluate: looks.flatMap((look) => validatedKinds(average, more).map((weights) => ({ ...look, weights }))),
    }
    await stop.race(this.prepare(work))
    return fitting({
      ...this.#options,
      ...more,
      classWeights,
      session: this.#session,
      stand: this.#stand,
      optimizer,
      telling: this.#telling,
      watch,
      dataset,
      sampling,
      validation,
      epochs,
      batchSize,
      validationBatchSize,
    })
  }

  /** Replaces those of the state that are given. */
  async #writeState(tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>): Promise<void> {
    const collected = await this.#session.stop().race(collectedTensors(tensors, this.state, 'some'))
    await this.#session.change(() => this.#session.write(collected))
  }

  /** What a checkpoint holds besides tensors. */
  #kept(): KeptState {
    return {
      ...this.#stand.kept,
      settings: this.#settings,
      environment: this.#environment,
      ...(this.classes === undefined ? {} : { classes: this.classes }),
      ...(this.#data.current === undefined ? {} : { data: this.#data.current }),
      auxiliary: auxiliaryNames(this.state, this.#model),
      memories: this.#telling.memories,
    }
  }

  get #environment(): string {
    return this.#session.description ?? 'unknown'
  }

  #requireIdle(): void {
    if (this.#isTraining || this.#loading > 0) throw busy(this.#isTraining)
  }
}
