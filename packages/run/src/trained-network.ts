import type { Engine, Executable, Model, NamedTensor, Preprocessing } from '@convzoo/core'
import {
  defineOptions,
  integer,
  invalid,
  isFloat32Array,
  isOptionsObject,
  matching,
  modelOption,
  oneOf,
  optional,
  requireArguments,
  splitNames,
  text,
} from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import type { Trainer, TrainerOptions } from '@convzoo/trainer'
import { diagnoseNetwork, type RunDiagnosis } from './diagnosing/diagnose.js'
import { type RunDiagnoseOptions, runDiagnoseOptions } from './diagnosing/options.js'
import { exportNetwork } from './export/export.js'
import {
  type ExportedNetwork,
  type ExportedOnnx,
  type ExportedSafetensors,
  type ExportedTfjs,
  type ExportOptions,
  exportOptions,
} from './export/options.js'
import { type Crops, cropCounts } from './opened/crops.js'
import { type DrawnMistakes, drawMistakes, drawnMistakes } from './opened/draw-mistakes.js'
import { evaluateRun, type RunEvaluation } from './opened/evaluate.js'
import { OpenedNetwork } from './opened/opened-network.js'
import { placesKind } from './opened/places.js'
import { type Prediction, predictArrays, predictFiles, predictSamples, type SampleChoice } from './opened/predict.js'
import type { Choice } from './plugins/definition.js'
import { type EvaluatedSplit, evaluatedSplits } from './source/evaluated-splits.js'
import { type VisualizeOptions, visualizeOptions } from './visualizing/options.js'
import { type Visualized, visualizeNetwork } from './visualizing/visualize.js'

export interface RunPredictOptions {
  /** Classes an image; 5 by default. */
  readonly top?: number | undefined
}

export interface RunEvaluateOptions {
  /** The test split where there is one, by default, or else the validation split; of another source without splits all. */
  readonly split?: EvaluatedSplit | undefined
  /** Only the first so many images of a split. */
  readonly limit?: number | undefined
  /** Images at a time; 100 by default. */
  readonly batchSize?: number | undefined
  /** `one`, the centre, by default; `ten` as the papers have it: the mean. */
  readonly crops?: Crops | undefined
  /** So many mistakes of the highest losses are given, too. */
  readonly mistakes?: number | undefined
  /** What is measured besides loss, top-1, top-5 and the scores of each class; that of the run, by default. */
  readonly metrics?: readonly Choice[] | undefined
}

const predictOptions = defineOptions({ top: optional(integer(1), 5) })
const sampleOptions = defineOptions({
  data: optional(text),
  split: optional(oneOf(...splitNames)),
  index: optional(placesKind),
})
const evaluateOptions = defineOptions({
  split: optional(oneOf(...evaluatedSplits)),
  limit: optional(integer(1)),
  batchSize: optional(integer(1), 100),
  crops: optional(oneOf(...cropCounts), 'one'),
  mistakes: optional(integer(1)),
  metrics: optional(
    matching("a list of metrics: their names, or { name: 'topK', k: 3 }", (given): given is readonly Choice[] =>
      Array.isArray(given),
    ),
  ),
})

/** What the trainer itself checks; its model is looked at before. */
const trainerParts = matching(
  'options of Trainer; its model, if there is one, such as createModel makes',
  (given): given is Partial<TrainerOptions> => isOptionsObject(given) && isModelOrNone(Reflect.get(given, 'model')),
)

const isModelOrNone = (given: unknown): boolean =>
  given === undefined || modelOption.parse(given, 'trainer') !== invalid

const images = matching(
  'paths of images and folders, or a Float32Array of images [N, H, W, C]',
  (given): given is readonly string[] | Float32Array =>
    isFloat32Array(given) || (Array.isArray(given) && given.every((each) => typeof each === 'string' && each !== '')),
)

const openedNetwork = matching(
  'what openRun or openWeights opens',
  (given): given is OpenedNetwork => given instanceof OpenedNetwork,
)

/**
 * A network that is trained, of a run or of a file of weights. Its best use is with `await using`, or with {@link TrainedNetwork.dispose} at
 * the end.
 */
export class TrainedNetwork implements AsyncDisposable {
  readonly #opened: OpenedNetwork

  /** @see openRun @see openWeights */
  constructor(opened: OpenedNetwork) {
    requireArguments('TrainedNetwork', { opened: [openedNetwork, opened] })
    this.#opened = opened
  }

  /** Its id with the tag: `alexnet.torchvision`. */
  get id(): string {
    return this.#opened.plan.settings.network.id
  }

  get model(): Model {
    return this.#opened.model
  }

  /** Names of the classes, in the order of the network's outputs; undefined where nobody knows them. */
  get classes(): readonly string[] | undefined {
    return this.#opened.classes
  }

  /** What computes it. */
  get engine(): Engine {
    return this.#opened.engine
  }

  /** How a picture becomes an input. */
  get preprocessing(): Preprocessing {
    return this.#opened.plan.preprocessing
  }

  /**
   * What the network takes images for. Files that cannot be read are left out and warned of.
   *
   * @param images Paths of images, or of folders with images; or images that are preprocessed already, [N, H, W, C], row-major.
   * @throws ConvzooError of kind `data` or `file` if none can be read, of kind `shape` if the array does not hold whole images.
   * @example
   * const [best] = await run.predict(['holiday.jpg'], { top: 3 })
   */
  async predict(
    given: readonly string[] | Float32Array,
    options: RunPredictOptions = {},
  ): Promise<readonly Prediction[]> {
    this.#opened.requireOpen()
    requireArguments('predict', { images: [images, given] })
    const { top } = predictOptions.parse('predict', options)
    return isFloat32Array(given) ? predictArrays(this.#opened, given, top) : predictFiles(this.#opened, given, top)
  }

  /** What the network takes images of its own data for, or of another source, whose true classes are known. */
  async predictSamples(choice: SampleChoice = {}, options: RunPredictOptions = {}): Promise<readonly Prediction[]> {
    this.#opened.requireOpen()
    const { top } = predictOptions.parse('predictSamples', options)
    return predictSamples(this.#opened, sampleOptions.parse('predictSamples', choice), top)
  }

  /**
   * How well the network does: on a run's own images, or on another source, whose classes are some of the network's, by name.
   *
   * @param source The name of a set, a folder, an archive, an address; the run's own by default. A file of weights has none.
   * @throws ConvzooError of kind `data` or `file` if the images cannot be read or have other classes.
   * @example
   * const { top1, confusion, classes } = await run.evaluate('more-flowers')
   */
  async evaluate(source?: string, options: RunEvaluateOptions = {}): Promise<RunEvaluation> {
    this.#opened.requireOpen()
    requireArguments('evaluate', { source: [optional(text), source] })
    return evaluateRun(this.#opened, { ...evaluateOptions.parse('evaluate', options), data: source })
  }

  /**
   * A picture of mistakes as the network saw them, each with its class and what it was taken for.
   *
   * @param evaluation What {@link Run.evaluate} gave, which was asked for mistakes.
   * @returns A PNG; undefined where there are no mistakes.
   * @throws ConvzooError of kind `registry`, with what to install, where `@convzoo/visualize` is not there.
   * @example
   * const png = await run.drawMistakes(await run.evaluate(undefined, { mistakes: 40 }))
   */
  async drawMistakes(evaluation: DrawnMistakes): Promise<Uint8Array | undefined> {
    this.#opened.requireOpen()
    requireArguments('drawMistakes', { evaluation: [drawnMistakes, evaluation] })
    return drawMistakes(this.#opened, evaluation)
  }

  /**
   * Pictures of what the network saw: its filters, what layers give, what of images their activations stand for, and what speaks for a class.
   *
   * @returns PNGs, and a page that shows them all and loads nothing.
   * @throws ConvzooError of kind `option` for a layer or a class that there is not, or options that do not go with the method; of kind
   * `data` or `file` if no image can be read; of kind `registry`, with what to install, where `@convzoo/visualize` is not there.
   * @example
   * const { pictures, page } = await run.visualize({ method: 'grad-cam', images: ['holiday.jpg'] })
   */
  async visualize(options: VisualizeOptions): Promise<Visualized> {
    this.#opened.requireOpen()
    return visualizeNetwork(this.#opened, visualizeOptions.parse('visualize', options))
  }

  /**
   * Looks for what may be wrong inside of the network: units that never fire or are saturated, filters that are there twice, strides that are
   * too large, layers that no gradient reaches or that stand still; and how it errs: the classes that it confuses, and what it looked at for the
   * worst mistakes.
   *
   * @returns Findings, each with its number and what to try, and a page that shows all and loads nothing.
   * @throws ConvzooError of kind `data` or `file` if the images cannot be read or have other classes; of kind `registry`, with what to
   * install, where `@convzoo/visualize` is not there.
   * @example
   * const { verdict, findings, page } = await run.diagnose()
   */
  async diagnose(options: RunDiagnoseOptions = {}): Promise<RunDiagnosis> {
    this.#opened.requireOpen()
    return diagnoseNetwork(this.#opened, runDiagnoseOptions.parse('diagnose', options))
  }

  /** Its weights and statistics, as `@convzoo/visualize/inside` reads them of whatever it looks into. */
  readWeights(): AsyncGenerator<NamedTensor, void, undefined> {
    return this.#opened.readWeights()
  }

  /** Where the last look inside leaves what it has compiled for the next one; disposed of with the network. */
  get keptLooks(): Map<string, Executable> | undefined {
    return this.#opened.keptLooks
  }

  /**
   * Writes the network for other software: a model of ONNX, a LayersModel of TensorFlow.js in a folder, or its weights in a safetensors file,
   * by another library's names where its tag knows them. What a model makes of images is compared with what the network makes of them, and
   * weights are read again, before anything is put in its place. Names of classes and preprocessing stand beside as metadata, as JSON.
   *
   * @param path The file to write, or the folder.
   * @throws ConvzooError of kind `shape` or `option` if the network cannot be written in this format; of kind `file` if the file cannot be
   * written: then the old one stays.
   * @example
   * const { greatestDifference } = await run.export('flowers.onnx')
   * const { files } = await run.export('flowers-tfjs', { format: 'tfjs' })
   */
  async export(path: string, options?: ExportOptions & { readonly format?: 'onnx' | undefined }): Promise<ExportedOnnx>
  async export(path: string, options: ExportOptions & { readonly format: 'tfjs' }): Promise<ExportedTfjs>
  async export(path: string, options: ExportOptions & { readonly format: 'safetensors' }): Promise<ExportedSafetensors>
  async export(path: string, options?: ExportOptions): Promise<ExportedNetwork>
  async export(path: string, options: ExportOptions = {}): Promise<ExportedNetwork> {
    this.#opened.requireOpen()
    requireArguments('export', { path: [pathOption, path] })
    return exportNetwork(this.#opened, path, exportOptions.parse('export', options))
  }

  /**
   * A trainer of the network with its newest weights, for what is not done here; it belongs to the caller. Another `model`, made of this one,
   * takes those weights that fit, by name and shape.
   *
   * @throws ConvzooError of kind `file` if a run has no weights yet, of kind `state` if none of them fits.
   * @example
   * const model = replaceHead(freeze(run.model, /^conv2d/), 5)
   * const trainer = await run.trainer({ model, optimizer: sgdw({ weightDecay: 0, learningRate: 1e-4 }) })
   */
  async trainer(options: Partial<TrainerOptions> = {}): Promise<Trainer> {
    requireArguments('trainer', { options: [trainerParts, options] })
    return this.#opened.trainer(options)
  }

  /** Gives back what the engine and the data hold. */
  async dispose(): Promise<void> {
    await this.#opened.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }
}
