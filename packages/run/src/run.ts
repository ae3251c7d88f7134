import { defineOptions, isOptionsObject, matching, optional, requireArguments } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import type { StepWeights } from '@convzoo/trainer'
import type { RunSettings } from './config/config.js'
import { engineOption } from './engine/engine-option.js'
import { listenerOptions, type RunListener, toldTo } from './listener.js'
import { type OpenedRun, openedRun } from './opened/open-run.js'
import { OpenedNetwork } from './opened/opened-network.js'
import type { Choice } from './plugins/definition.js'
import { TrainedNetwork } from './trained-network.js'

export interface OpenRunOptions extends RunListener {
  /** What it runs on; chosen by what there is, by default. */
  readonly engine?: Choice | undefined
}

/** Options of whatever opens a network, and uses it. */
export const openOptions = {
  ...listenerOptions,
  engine: optional(engineOption),
}

const runOptions = defineOptions(openOptions)

const openedByUs = matching(
  'what openRun opens: a Run is made by it',
  (given): given is OpenedRun => isOptionsObject(given) && Reflect.get(given, 'opened') instanceof OpenedNetwork,
)

/** A run whose network can be used: its best use is with `await using`, or with `dispose` at the end. */
export class Run extends TrainedNetwork {
  readonly #run: OpenedRun

  /** @see openRun */
  constructor(run: OpenedRun) {
    requireArguments('Run', { run: [openedByUs, run] })
    super(run.opened)
    this.#run = run
  }

  get folder(): string {
    return this.#run.opened.path
  }

  /**
   * The weights of its checkpoints, the oldest first: as many as `checkpoints.keep` says, and those of the best epoch.
   *
   * @throws ConvzooError of kind `file` if they cannot be listed; what cannot be read is left out and warned of.
   * @example
   * for (const { step, readWeights } of await run.history()) console.log(step, readWeights)
   */
  async history(): Promise<readonly StepWeights[]> {
    return this.#run.opened.history()
  }

  /** What it was trained on and how: {@link train} repeats it. */
  get config(): RunSettings {
    return this.#run.plan.settings
  }
}

/**
 * Opens a run that is finished, was stopped or still goes on, with its newest weights.
 *
 * @param folder What {@link train} or `convzoo train` made.
 * @throws ConvzooError of kind `file` if the folder is no run, of kind `registry` if no installed package provides its network.
 * @example
 * const run = await openRun('runs/flowers')
 * const [best] = await run.predict(['holiday.jpg'], { top: 3 })
 * await run.dispose()
 */
export async function openRun(folder: string, options: OpenRunOptions = {}): Promise<Run> {
  requireArguments('openRun', { folder: [pathOption, folder] })
  const { engine = 'auto', ...listener } = runOptions.parse('openRun', options)
  return new Run(await openedRun(folder, engine, toldTo(listener)))
}
