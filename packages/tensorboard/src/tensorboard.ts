import { join } from 'node:path'
import type { Callback, ConvzooError, EpochRecord, StepRecord, TrainingContext } from '@convzoo/core'
import {
  boolean,
  defineCallback,
  described,
  functionOf,
  integer,
  type OptionsOf,
  optional,
  printable,
  unusableOption,
} from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import { RunFolder, type StoredMistake } from '@convzoo/trainer'
import { EventFile, eventFiles } from './file/event-file.js'
import { SessionLog_SessionStatus } from './proto/event_pb.js'
import { sentenceOf } from './sentence.js'
import { graphOf } from './summaries/graph.js'
import { sessionEnd, sessionStart } from './summaries/hyperparameters.js'
import { layout } from './summaries/layout.js'
import { mistakesOf } from './summaries/mistakes.js'
import { scalarsOfEpoch, scalarsOfScore, scalarsOfStep } from './summaries/scores.js'
import { StateLook } from './summaries/state-look.js'
import { summaryOf, type Value } from './summaries/values.js'

/** The folder in that of a run. */
const folderName = 'tensorboard'

/**
 * Writes what TensorBoard shows into `tensorboard/` of the run: the numbers of each step and epoch; after each epoch histograms of the
 * weights, of their changes over it, of the gradients of the step to come and of what the optimizer keeps, the filters that see the picture, and the worst mistakes; the
 * network; and the settings of the run. A run that goes on writes a file of its own beside the earlier ones. Where something cannot be
 * written, it says so once, and hinders no training.
 *
 * @throws ConvzooError of kind `option` for a bad option, and when training begins with neither `folder` nor a run.
 * @example
 * await train({ network: 'alexnet', data: 'flowers' }, { folder: 'runs/flowers', callbacks: [tensorboard()] })
 */
export const tensorboard = defineCallback({
  specification: 'callback/v1',
  name: 'tensorboard',
  title: 'writes what TensorBoard shows: scalars, histograms, images, the graph, hyperparameters',
  source: 'https://www.tensorflow.org/tensorboard',
  options: {
    folder: described('where event files go; tensorboard in the folder of the run by default', optional(pathOption)),
    histograms: described(
      'epochs from one set of histograms and filters to the next; 0 for none',
      optional(integer(0), 1),
    ),
    gradients: described(
      'whether there are histograms of the gradients of the next step; they take a step, and for a moment as much memory as weights and gradients',
      optional(boolean, true),
    ),
    images: described('whether there are images: first filters, worst mistakes', optional(boolean, true)),
    warn: described(
      'gets the line that says why nothing more is written; console.warn by default',
      optional(functionOf<(line: string) => void>(), (line) => console.warn(line)),
    ),
  },
  create: (options) => new TensorBoardWriter(options),
})

export type TensorboardOptions = OptionsOf<typeof tensorboard>

interface WriterOptions {
  readonly folder?: string | undefined
  readonly histograms: number
  readonly gradients: boolean
  readonly images: boolean
  readonly warn: (line: string) => void
}

/** Writes the events of one training. TensorBoard's step is how many optimizer steps were done: the first gives that of 1. */
class TensorBoardWriter implements Callback, AsyncDisposable {
  readonly #options: WriterOptions
  #file: EventFile | undefined
  #look: StateLook | undefined
  /** Of the run that is trained. */
  #run: string | undefined
  #step = 0
  #classes: readonly string[] | undefined
  #last: EpochRecord | undefined
  /** The mistakes that were written last, as text. */
  #mistakes = '[]'

  constructor(options: WriterOptions) {
    this.#options = options
  }

  async onTrainBegin(_: unknown, context: TrainingContext): Promise<void> {
    const { folder: own, histograms, images, gradients, warn } = this.#options
    const run = context.folder
    if (own === undefined && run === undefined) throw withoutFolder()
    const folder = own ?? join(run ?? '', folderName)
    this.#run = run
    await this.#hindered(async () => {
      const isFirst = (await eventFiles(folder)).length === 0
      const { step } = context.position
      this.#step = step
      this.#classes = context.classes
      this.#look = new StateLook(context, { every: histograms, images, gradients, warn })
      this.#file = await EventFile.create(folder)
      // What a run that was stopped wrote after the step from which it goes on counts no more.
      await this.#file.add(step + 1, [{ case: 'sessionLog', value: { status: SessionLog_SessionStatus.START } }])
      const looked = await this.#look.begin()
      if (!isFirst) return
      const config = run === undefined ? undefined : await (await RunFolder.open(run)).readConfig()
      const settings = config === undefined ? [] : [sessionStart(config)]
      await this.#file.add(step, [graphOf(context.model), ...summaryOf([...settings, layout(), ...looked])])
    })
  }

  async onStep(record: StepRecord): Promise<void> {
    await this.#write(record.step + 1, () => scalarsOfStep(record))
  }

  async onEpoch(record: EpochRecord, { position, classes }: TrainingContext): Promise<void> {
    this.#last = record
    this.#classes = classes
    await this.#write(position.step, async () => [
      ...scalarsOfEpoch(record, classes),
      ...((await this.#look?.after(record.epoch + 1)) ?? []),
      ...(await this.#newMistakes()),
    ])
  }

  async onTrainEnd({ ending }: TrainingContext): Promise<void> {
    if (ending === 'finished' || ending === 'stopped') await this.#write(this.#step, () => [sessionEnd()])
    this.#look = undefined
    await this.#hindered(async () => this.#file?.close())
  }

  /** The run is over, and all is recorded: how well it does in the end, where that is known. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#write(this.#step, async () => {
      if (this.#run === undefined) return []
      const score = await (await RunFolder.open(this.#run)).finishedScore()
      if (score === undefined) return []
      const { split, ...measured } = score
      const isKnown = split === 'validation' && this.#last?.validation !== undefined
      return [...(isKnown ? [] : scalarsOfScore(split, measured, this.#classes)), ...(await this.#newMistakes())]
    })
    await this.#hindered(async () => this.#file?.close())
    this.#file = undefined
  }

  /** The mistakes that the run keeps, unless they are those that were written last. */
  async #newMistakes(): Promise<readonly Value[]> {
    if (this.#run === undefined || !this.#options.images) return []
    const mistakes: readonly StoredMistake[] = await (await RunFolder.open(this.#run)).readMistakes()
    const text = JSON.stringify(mistakes)
    if (text === this.#mistakes) return []
    this.#mistakes = text
    return mistakesOf(mistakes)
  }

  async #write(step: number, values: () => readonly Value[] | Promise<readonly Value[]>): Promise<void> {
    this.#step = step
    const file = this.#file
    if (file === undefined) return
    await this.#hindered(async () => file.add(step, summaryOf(await values())))
  }

  /** What hinders it ends it. */
  async #hindered(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const file = this.#file
      this.#file = undefined
      this.#look = undefined
      await file?.close().catch(() => undefined)
      this.#options.warn(printable(`Nothing more is written for TensorBoard: ${sentenceOf(error)}`, 1000))
    }
  }
}

function withoutFolder(): ConvzooError {
  return unusableOption('"folder" of tensorboard', {
    expected: 'a folder for event files, where training is no part of a run',
    received: 'none',
    hint: "tensorboard({ folder: 'events' })",
  })
}
