import { requireArguments } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import { RunFolder } from '@convzoo/trainer'
import type { ProgressParts, RunState } from '../page/page-data.js'
import { plannedEpochs } from './fixed.js'
import { Story } from './story.js'

/** The story of a run as its folder tells it: what was added since is read each time. */
export class ToldRun {
  readonly #folder: RunFolder
  readonly #story = new Story()
  readonly #follow: () => Promise<void>

  private constructor(folder: RunFolder) {
    this.#folder = folder
    this.#follow = folder.metrics.follow({
      take: (record) => this.#story.take(record),
      anew: () => this.#story.anew(),
    })
  }

  /** @throws ConvzooError of kind `file` if the folder is no run. */
  static async open(path: string): Promise<ToldRun> {
    requireArguments('ToldRun.open', { path: [pathOption, path] })
    return new ToldRun(await RunFolder.open(path))
  }

  get path(): string {
    return this.#folder.path
  }

  /** How far it has come now. */
  async progress(): Promise<ProgressParts> {
    await this.#follow()
    return this.#story.progress(await this.#state(), await plannedEpochs(this.path))
  }

  /** A run that has its last score holds its lock for a moment longer. */
  async #state(): Promise<RunState> {
    if (this.#story.isFinished) return 'finished'
    return (await this.#folder.isLocked()) ? 'going' : 'stopped'
  }
}
