import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvzooError, type FittedWhitening, type NamedTensor } from '@convzoo/core'
import {
  defineOptions,
  functionOf,
  integer,
  oneOf,
  optional,
  requireArguments,
  text,
  texts,
} from '@convzoo/core/define'
import {
  fileError,
  type JsonObject,
  linkFile,
  pathOption,
  readJsonFile,
  readRegularFile,
  removeIfFree,
  removeUnfinished,
  replaceFile,
  requireNamesOfSystem,
} from '@convzoo/files'
import { openSafetensors, specsOption, type TensorSpec, writeSafetensors } from '@convzoo/safetensors'
import { readAverages } from '../averages.js'
import { checkpointName } from '../checkpoint/index.js'
import type { Trainer } from '../node-trainer.js'
import type { WeightsKind } from '../options.js'
import { files, pageFile, pictures } from './file-names.js'
import { filesForPeople, type RunFiles } from './files-for-people.js'
import { type FinishedScore, lastScore } from './finished-score.js'
import { requireFreeFolder } from './free-folder.js'
import { type History, historyOf } from './history.js'
import { isThere } from './is-there.js'
import { jsonKind, meanImageKind, pngKind, rowsKind, savingKind, trainerKind, whiteningKind } from './kinds.js'
import { listedCheckpoints } from './listed-checkpoints.js'
import { loadNewest, type Resumed } from './load-newest.js'
import { isLocked, takeLock } from './lock.js'
import { type MeanImage, readMeanImage, writeMeanImage } from './mean-image.js'
import { Metrics } from './metrics.js'
import { type NewestWeights, newestWeights } from './newest-weights.js'
import type { RunRecord } from './records.js'
import { mistakesKind, readMistakes, type StoredMistake } from './stored-mistakes.js'
import { readWhitening, writeWhitening } from './whitening-file.js'

/** How many of the newest checkpoints stay: where the newest is damaged, there is one before it. */
const keepOptions = defineOptions({ keep: optional(integer(2), 2) })

/** Bytes: room for the filters of thousands. */
const mostFilters = 2 ** 26

/** Bytes: room for the names of a hundred thousand classes. */
const largestConfig = 2 ** 24

/**
 * What a training run leaves behind: `config.json`, `environment.json`, `metrics.jsonl`, `checkpoints/`, `best.safetensors`, `weights.safetensors`,
 * `confusion.json`, `mistakes.json`, `filters.png`, `mean-image.safetensors` where one is subtracted, `whitening.safetensors` where pictures are whitened, and `curves.svg` and `confusion.svg` for people.
 */
export class RunFolder {
  /** The file of the mean image, by which a configuration may name it. */
  static readonly meanImageFile = files.meanImage
  /** The file of what whitens its pictures. */
  static readonly whiteningFile = files.whitening
  /** The page of the run, which whoever shows it may write. */
  static readonly pageFile = pageFile

  readonly metrics: Metrics
  /** Checkpoints that could not be read when the run was resumed. */
  readonly #unreadable = new Set<string>()

  private constructor(readonly path: string) {
    requireArguments('RunFolder', { path: [pathOption, path] })
    this.metrics = new Metrics(join(path, files.metrics))
  }

  /**
   * A new run folder with the run's configuration, and its mean image and whitening if it has them: from then on the run can be resumed.
   *
   * @throws ConvzooError of kind `file` if there is something at that path already, or if it cannot be written; nothing that was
   * there is changed then.
   */
  static async create(
    path: string,
    config: object,
    meanImage?: MeanImage,
    whitening?: FittedWhitening,
  ): Promise<RunFolder> {
    requireArguments('RunFolder.create', {
      path: [pathOption, path],
      config: [jsonKind, config],
      meanImage: [optional(meanImageKind), meanImage],
      whitening: [optional(whiteningKind), whitening],
    })
    await RunFolder.requireFree(path)
    requireNamesOfSystem(path)
    const folder = new RunFolder(path)
    try {
      await mkdir(path, { recursive: true })
    } catch (cause) {
      throw fileError(`The run folder ${path} cannot be made`, cause)
    }
    // First, so that no configuration names what is not there.
    if (meanImage !== undefined) await writeMeanImage(join(path, files.meanImage), meanImage)
    if (whitening !== undefined) await writeWhitening(join(path, files.whitening), whitening)
    await folder.writeConfig(config)
    return folder
  }

  /**
   * Refuses a path at which there is something already.
   *
   * @throws ConvzooError of kind `file`.
   */
  static async requireFree(path: string): Promise<void> {
    requireArguments('RunFolder.requireFree', { path: [pathOption, path] })
    await requireFreeFolder(path)
  }

  /**
   * The folder of a run that was made before.
   *
   * @throws ConvzooError of kind `file` if it holds no configuration.
   */
  static async open(path: string): Promise<RunFolder> {
    const folder = new RunFolder(path)
    await folder.readConfig()
    return folder
  }

  /** What a person can look at in the folder of a run, whatever else there is in it. */
  static async files(path: string): Promise<RunFiles> {
    requireArguments('RunFolder.files', { path: [pathOption, path] })
    return filesForPeople(path)
  }

  /**
   * Keeps other processes from writing here until it is disposed of. A process that is killed holds nobody up.
   *
   * @throws ConvzooError of kind `state` if another process has the folder.
   *
   * @example
   * const folder = await RunFolder.open('runs/first')
   * const lock = await folder.lock()
   * // … write, then:
   * await lock[Symbol.asyncDispose]()
   */
  async lock(): Promise<AsyncDisposable> {
    return takeLock(join(this.path, files.lock))
  }

  /** Whether a process of this machine trains here now; of one of another machine nobody knows. */
  async isLocked(): Promise<boolean> {
    return isLocked(join(this.path, files.lock))
  }

  async writeConfig(config: object): Promise<void> {
    requireArguments('writeConfig', { config: [jsonKind, config] })
    await this.#writeJson(files.config, config)
  }

  async readConfig(): Promise<JsonObject> {
    const expected = `a readable ${files.config} in it`
    try {
      return await readJsonFile(join(this.path, files.config), { expected, mostBytes: largestConfig })
    } catch (cause) {
      if (!ConvzooError.isInstance(cause)) throw cause
      throw new ConvzooError({
        kind: 'file',
        message: `${this.path} is not the folder of a run.`,
        expected,
        received: cause.received ?? cause.sentence,
        hint: 'give the folder that `convzoo train --run` made',
        cause,
      })
    }
  }

  /**
   * The mean image that the run was created with, by the name that its configuration has for the file.
   *
   * @throws ConvzooError of kind `file` if there is no such file in a run, or it is missing or damaged.
   */
  async readMeanImage(file: string): Promise<MeanImage> {
    requireArguments('readMeanImage', { file: [text, file] })
    if (file === files.meanImage) return readMeanImage(join(this.path, file))
    throw new ConvzooError({
      kind: 'file',
      message: `The configuration in ${this.path} names a file that no run has.`,
      expected: files.meanImage,
      received: file,
    })
  }

  /**
   * What whitens the pictures of the run.
   *
   * @throws ConvzooError of kind `file` if the run has none, or its file is damaged.
   */
  async readWhitening(): Promise<FittedWhitening> {
    return readWhitening(join(this.path, files.whitening))
  }

  async writeEnvironment(environment: object): Promise<void> {
    requireArguments('writeEnvironment', { environment: [jsonKind, environment] })
    await this.#writeJson(files.environment, environment)
  }

  async writeConfusion(rows: readonly (readonly number[])[], classes: readonly string[]): Promise<void> {
    requireArguments('writeConfusion', { rows: [rowsKind, rows], classes: [texts, classes] })
    await this.#writeJson(files.confusion, { classes, rows })
  }

  /** Writes the worst mistakes of the newest look at the images that are not trained on. */
  async writeMistakes(mistakes: readonly StoredMistake[]): Promise<void> {
    requireArguments('writeMistakes', { mistakes: [mistakesKind, mistakes] })
    await this.#writeJson(files.mistakes, { mistakes })
  }

  /** The worst mistakes of the newest look; none where nobody has looked yet, and none of what is missing or damaged. */
  async readMistakes(): Promise<readonly StoredMistake[]> {
    return readMistakes(join(this.path, files.mistakes))
  }

  /** Writes a PNG of the filters of the first layer as they are now. */
  async writeFilters(png: Uint8Array): Promise<void> {
    requireArguments('writeFilters', { png: [pngKind, png] })
    await replaceFile(join(this.path, files.filters), (file) => file.writeFile(png))
  }

  /** The PNG of the filters of the first layer; undefined where nobody has drawn any. */
  async readFilters(): Promise<Uint8Array | undefined> {
    const read = readRegularFile(join(this.path, files.filters), {
      expected: 'a PNG of filters',
      mostBytes: mostFilters,
    })
    return read.catch(() => undefined)
  }

  /** Writes a picture: of the metrics, or of the confusion matrix. */
  async writePicture(name: keyof typeof pictures, svg: string): Promise<void> {
    requireArguments('writePicture', { name: [oneOf('curves', 'confusion'), name], svg: [text, svg] })
    await replaceFile(join(this.path, pictures[name]), (file) => file.writeFile(svg))
  }

  /**
   * Adds a record to the metrics, in whole or not at all.
   *
   * @throws ConvzooError of kind `option` if it is none, of kind `file` if it cannot be written.
   */
  async record(record: RunRecord): Promise<void> {
    await this.metrics.add(record)
  }

  /**
   * Writes the finished weights and statistics: those of now, or the averages under the names of their weights. The file's bytes depend on
   * nothing else.
   */
  async writeWeights(weights: readonly TensorSpec[], trainer: Trainer, kind: WeightsKind = 'current'): Promise<void> {
    requireArguments('writeWeights', {
      weights: [specsOption, weights],
      trainer: [trainerKind, trainer],
      kind: [oneOf('current', 'average'), kind],
    })
    await writeSafetensors(this.#weights, {
      specs: weights,
      read: (names) => (kind === 'average' ? readAverages(trainer, names) : trainer.readState(names)),
    })
  }

  /**
   * Opens the finished weights, hands them over and closes the file.
   *
   * @throws ConvzooError of kind `file` if they are missing or damaged.
   */
  async readWeights<T>(use: (tensors: AsyncIterable<NamedTensor>) => Promise<T>): Promise<T> {
    requireArguments('readWeights', { use: [functionOf(), use] })
    const file = await openSafetensors(this.#weights)
    try {
      return await use(file.read())
    } finally {
      await file.close()
    }
  }

  /**
   * The newest weights that the run has: the finished ones, or, of a run that was stopped or goes on, those of its newest checkpoint that
   * can be read. Another process may train in the folder meanwhile.
   *
   * @throws ConvzooError of kind `file` if there are none that can be read.
   * @example
   * const weights = await folder.newestWeights()
   * await weights.read((tensors) => trainer.writeWeights(tensors))
   */
  async newestWeights(): Promise<NewestWeights> {
    // Without metrics that can be read, nobody knows whether the run is finished: its newest checkpoint is right in both cases.
    const score = await this.finishedScore().catch(() => undefined)
    const places = { run: this.path, weights: this.#weights, checkpoints: () => this.checkpoints() }
    return newestWeights(places, score !== undefined)
  }

  /**
   * The last score of a run that has nothing left to do: of its test split, or of its validation split where it has no other.
   *
   * @param epochs How many it should have done; by default as many as it has.
   * @throws ConvzooError of kind `file` if the metrics cannot be read.
   */
  async finishedScore(epochs?: number): Promise<FinishedScore | undefined> {
    requireArguments('finishedScore', { epochs: [optional(integer(0)), epochs] })
    const last = await lastScore(this.metrics)
    return last.epochs === (epochs ?? last.epochs) && (await isThere(this.#weights)) ? last.score : undefined
  }

  /**
   * Writes where the trainer stands as `checkpoints/step-<steps>.safetensors`, and removes the oldest beyond those that are kept.
   *
   * @param options How many of the newest stay: 2 by default, and at least.
   */
  async writeCheckpoint(
    trainer: Pick<Trainer, 'saveCheckpoint'>,
    options: { readonly keep?: number | undefined } = {},
  ): Promise<string> {
    requireArguments('writeCheckpoint', { trainer: [savingKind, trainer] })
    const { keep } = keepOptions.parse('writeCheckpoint', options)
    // What a checkpoint says was done must stand in the metrics when it is read again.
    await this.metrics.sync()
    const path = await trainer.saveCheckpoint(({ step }) => join(this.#checkpoints, checkpointName(step)))
    this.#unreadable.delete(path)
    // What cannot be read takes no place from what can.
    for (const each of this.#unreadable) await removeIfFree(each)
    const readable = (await this.checkpoints()).filter((each) => !this.#unreadable.has(each))
    // One that another program reads, such as a copy that is made of the run, goes when the next one is written.
    for (const old of readable.slice(keep)) if (old !== path) await removeIfFree(old)
    return path
  }

  /**
   * Keeps a checkpoint as `best.safetensors`, whatever becomes of the file itself.
   *
   * @throws ConvzooError of kind `file` if it cannot be kept.
   */
  async keepBest(checkpoint: string): Promise<void> {
    requireArguments('keepBest', { checkpoint: [pathOption, checkpoint] })
    await linkFile(checkpoint, join(this.path, files.best))
  }

  /** Paths of the checkpoints, the newest first. */
  async checkpoints(): Promise<readonly string[]> {
    return listedCheckpoints(this.#checkpoints)
  }

  /**
   * The weights of the run's checkpoints, the best one's among them, the oldest first. They are read when they are asked for; another process that
   * trains may have removed some by then.
   *
   * @throws ConvzooError of kind `file` if the folder cannot be read.
   * @example
   * const { weights: [first, ...rest] } = await folder.history()
   * for await (const { name, data } of first.readWeights()) console.log(name, data.length)
   */
  async history(): Promise<History> {
    const best = join(this.path, files.best)
    return historyOf([...((await isThere(best)) ? [best] : []), ...(await this.checkpoints())])
  }

  /**
   * Makes a trainer go on from the newest checkpoint that can be read, and drops the metrics that came after it. A run that was
   * stopped before its first checkpoint starts anew. Warnings name checkpoints that cannot be read, and lines of the metrics that are
   * damaged: then the file as it was is kept beside the new one.
   *
   * @throws ConvzooError of kind `file` if there are checkpoints but none can be read, of kind `state` if the trainer is another one.
   */
  async resume(trainer: Trainer): Promise<Resumed> {
    requireArguments('resume', { trainer: [trainerKind, trainer] })
    for (const folder of [this.path, this.#checkpoints]) await removeUnfinished(folder)
    const { unreadable, ...resumed } = await loadNewest(trainer, await this.checkpoints())
    for (const each of unreadable) this.#unreadable.add(each)
    const damaged = await this.metrics.rewind(resumed.position)
    return { ...resumed, warnings: [...resumed.warnings, ...damaged] }
  }

  get #weights(): string {
    return join(this.path, files.weights)
  }

  get #checkpoints(): string {
    return join(this.path, 'checkpoints')
  }

  async #writeJson(name: string, content: object): Promise<void> {
    await replaceFile(join(this.path, name), (file) => file.writeFile(`${JSON.stringify(content, null, 2)}\n`))
  }
}
