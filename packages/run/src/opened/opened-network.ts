import {
  ConvzooError,
  type Dataset,
  type Engine,
  type Executable,
  type Loss,
  type Model,
  matchWeights,
  type NamedTensor,
} from '@convzoo/core'
import { type StepWeights, Trainer, type TrainerOptions } from '@convzoo/trainer'
import { given } from '../config/given.js'
import type { Told } from '../listener.js'
import type { UsedPlan } from '../plan.js'

/** What a trainer is told beforehand of work to come. */
type Work = Parameters<Trainer['prepare']>[0]

/** A network that is trained, and where its weights are. */
export interface NetworkParts {
  readonly path: string
  /** What it is called in messages: `The run in runs/flowers`. */
  readonly name: string
  readonly plan: UsedPlan
  readonly model: Model
  readonly loss: Loss
  readonly engine: Engine
  readonly told: Told
  /** What its weights were at several steps, the oldest first: of a run what its checkpoints hold. */
  readonly history: () => Promise<readonly StepWeights[]>
  /** Gives a trainer the weights: all of them, or, with `partial`, those that fit its network. */
  readonly load: (trainer: Trainer, partial: boolean) => Promise<void>
}

/** A run that is finished, was stopped or goes on, or a file of weights, with what it takes to use its network. */
export class OpenedNetwork {
  readonly #parts: NetworkParts
  /** Made for the first work, and kept. */
  #used: { readonly trainer: Trainer; loaded: Promise<void> | undefined } | undefined
  readonly #datasets: Dataset[] = []
  readonly #keptLooks = new Map<string, Executable>()
  #isDisposed = false

  constructor(parts: NetworkParts) {
    this.#parts = parts
  }

  get path(): string {
    return this.#parts.path
  }

  /** What it is called in messages. */
  get name(): string {
    return this.#parts.name
  }

  get plan(): UsedPlan {
    return this.#parts.plan
  }

  get model(): Model {
    return this.#parts.model
  }

  get engine(): Engine {
    return this.#parts.engine
  }

  get told(): Told {
    return this.#parts.told
  }

  /**
   * The trainer of the network, ready for some work: prepared first, then with the weights, so that large networks are in memory once.
   *
   * @throws ConvzooError of kind `file` if there are no weights yet, of kind `state` if they do not fit the network.
   */
  async ready(work: Work): Promise<Trainer> {
    this.requireOpen()
    this.#used ??= { trainer: this.#newTrainer(), loaded: undefined }
    const used = this.#used
    await used.trainer.prepare(work)
    used.loaded ??= this.#parts.load(used.trainer, false)
    await used.loaded
    return used.trainer
  }

  /** Its weights and statistics. */
  async *readWeights(): AsyncGenerator<NamedTensor, void, undefined> {
    const trainer = await this.ready({})
    yield* trainer.readWeights()
  }

  /** Where looks inside leave what they have compiled; nothing more of a network that was disposed of. */
  get keptLooks(): Map<string, Executable> | undefined {
    return this.#isDisposed ? undefined : this.#keptLooks
  }

  /** What its weights were at several steps, the oldest first; nothing of a file of weights. */
  history(): Promise<readonly StepWeights[]> {
    this.requireOpen()
    return this.#parts.history()
  }

  /** Names of the classes, in the order of the network's outputs; undefined where nobody knows them. */
  get classes(): readonly string[] | undefined {
    return this.#used?.trainer.classes ?? this.plan.classNames
  }

  /** A trainer with these weights: all of them, or those that fit another network. */
  async trainer(options: Partial<TrainerOptions>): Promise<Trainer> {
    this.requireOpen()
    const trainer = this.#newTrainer(options)
    try {
      await this.#parts.load(trainer, options.model !== undefined)
    } catch (error) {
      await trainer.dispose()
      throw error
    }
    return trainer
  }

  /** @throws ConvzooError of kind `state` if it was disposed of: what was opened then would never be given back. */
  requireOpen(): void {
    if (!this.#isDisposed) return
    throw new ConvzooError({
      kind: 'state',
      message: `${this.name} has been disposed of.`,
      hint: 'open it again with openRun or openWeights',
    })
  }

  /** Ends a dataset with the network. */
  keep<D extends Dataset>(dataset: D): D {
    this.#datasets.push(dataset)
    return dataset
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true
    const used = this.#used
    const datasets = this.#datasets.splice(0)
    const looks = [...this.#keptLooks.values()]
    this.#keptLooks.clear()
    await Promise.all([
      used?.trainer.dispose(),
      ...datasets.map((dataset) => dataset.dispose?.()),
      ...looks.map((look) => look.dispose()),
    ])
  }

  #newTrainer(options: Partial<TrainerOptions> = {}): Trainer {
    const { plan, engine, loss, told } = this.#parts
    const { model = this.model } = options
    const { missing, misshapen } = matchWeights(model.weights, this.model.weights)
    // A network with a head of its own tells other classes apart.
    const isSame = missing.length === 0 && misshapen.length === 0
    return new Trainer({
      model,
      engine,
      // What a run was trained by is what it is judged by.
      loss,
      ...given({ classes: isSame ? plan.classNames : undefined }),
      log: told.warn,
      ...options,
    })
  }
}
