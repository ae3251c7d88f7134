import { relative } from 'node:path'
import { ConvzooError, type Dataset, type Engine, type Loss, type Model, matchWeights } from '@convzoo/core'
import { RunFolder, Trainer, type TrainerOptions, type WeightsSource } from '@convzoo/trainer'
import { completeEngine } from '../config/config.js'
import { given } from '../config/given.js'
import { readPlan } from '../config/stored.js'
import { openEngine } from '../engine/choice.js'
import type { Told } from '../listener.js'
import type { RunPlan } from '../plan.js'
import type { Choice } from '../plugins/definition.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { makeModel } from '../training/job.js'
import { makeLoss } from '../training/update.js'

/** What a trainer is told beforehand of work to come. */
type Work = Parameters<Trainer['prepare']>[0]

/** A run that is finished, was stopped or goes on, with what it takes to use its network. */
export class OpenedRun {
  readonly #folder: RunFolder
  readonly #engine: Engine
  /** Made for the first work, and kept. */
  #used: { readonly trainer: Trainer; loaded: Promise<void> | undefined } | undefined
  readonly #datasets: Dataset[] = []
  #isDisposed = false

  private constructor(
    folder: RunFolder,
    readonly plan: RunPlan,
    readonly model: Model,
    readonly loss: Loss,
    engine: Engine,
    readonly told: Told,
  ) {
    this.#folder = folder
    this.#engine = engine
  }

  /** @throws ConvzooError if the folder is no run, or its network or the engine cannot be made. */
  static async open(path: string, engine: Choice, told: Told): Promise<OpenedRun> {
    const folder = await RunFolder.open(path)
    const definitions = installedDefinitions()
    const plan = await readPlan(folder, definitions)
    const model = await makeModel(plan)
    const loss = await makeLoss(plan.settings, definitions)
    const made = await openEngine(await completeEngine(engine, definitions), { announced: false })
    return new OpenedRun(folder, plan, model, loss, made, told)
  }

  get path(): string {
    return this.#folder.path
  }

  /**
   * The trainer of the run's network, ready for some work: prepared first, then with the weights, so that large networks are in memory
   * once.
   *
   * @throws ConvzooError of kind `file` if the run has no weights yet, of kind `state` if they do not fit its network.
   */
  async ready(work: Work): Promise<Trainer> {
    this.requireOpen()
    this.#used ??= { trainer: this.#newTrainer(), loaded: undefined }
    const used = this.#used
    await used.trainer.prepare(work)
    used.loaded ??= this.#load(used.trainer)
    await used.loaded
    return used.trainer
  }

  /** Names of the classes, in the order of the network's outputs; undefined where the run does not know them. */
  get classes(): readonly string[] | undefined {
    return this.#used?.trainer.classes ?? this.plan.classNames
  }

  /** A trainer with the run's newest weights: all of them, or those that fit another network. */
  async trainer(options: Partial<TrainerOptions>): Promise<Trainer> {
    this.requireOpen()
    const trainer = this.#newTrainer(options)
    try {
      await this.#load(trainer, options.model !== undefined)
    } catch (error) {
      await trainer.dispose()
      throw error
    }
    return trainer
  }

  /** @throws ConvzooError of kind `state` if the run was disposed of: what was opened then would never be given back. */
  requireOpen(): void {
    if (!this.#isDisposed) return
    throw new ConvzooError({
      kind: 'state',
      message: `The run in ${this.path} has been disposed of.`,
      hint: 'open it again with openRun',
    })
  }

  /** Ends a dataset with the run. */
  keep<D extends Dataset>(dataset: D): D {
    this.#datasets.push(dataset)
    return dataset
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true
    const used = this.#used
    const datasets = this.#datasets.splice(0)
    await Promise.all([used?.trainer.dispose(), ...datasets.map((dataset) => dataset.dispose?.())])
  }

  #newTrainer(options: Partial<TrainerOptions> = {}): Trainer {
    const { model = this.model } = options
    const { missing, misshapen } = matchWeights(model.weights, this.model.weights)
    // A network with a head of its own tells other classes apart.
    const isSame = missing.length === 0 && misshapen.length === 0
    return new Trainer({
      model,
      engine: this.#engine,
      // What the run was trained by is what it is judged by.
      loss: this.loss,
      ...given({ classes: isSame ? this.plan.classNames : undefined }),
      log: this.told.warn,
      ...options,
    })
  }

  async #load(trainer: Trainer, partial = false): Promise<void> {
    const newest = await this.#folder.newestWeights()
    this.told.warn(newest.warnings)
    const from = await newest.read(async (tensors, source) => {
      await trainer.writeWeights(tensors, { partial })
      return source
    }, this.model.weights)
    if (from.kind !== 'finished') this.told.warn(this.#unfinished(from))
  }

  #unfinished({ step, epoch = 0, path }: WeightsSource): string {
    const { id } = this.plan.settings.network
    const place = `${id}, step ${step}, after ${epoch} whole ${epoch === 1 ? 'epoch' : 'epochs'}`
    return `The run is not finished: its newest checkpoint is used, ${place}, ${relative(this.path, path)}`
  }
}
