import { ConvzooError, type Dataset, type Preprocessing } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import type { Evaluation, RunFolder, RunRecord, StoredMistake } from '@convzoo/trainer'
import type * as Inside from '@convzoo/visualize/inside'
import { orNotInstalled } from '../plugins/not-installed.js'
import type { Warn } from '../source/run-data.js'
import { drawFilters } from '../visualizing/first-filters.js'
import { drawMistakeMaps, type MistakeMaps } from '../visualizing/mistake-maps.js'
import { lookAt, picturesOf } from '../visualizing/pictures.js'

/** Drawing may take so much of the time that goes by between two pictures. */
const drawingShare = 0.1

/** When something was drawn last, and how long that took. */
interface Drawn {
  readonly ended: number
  readonly took: number
}

const isDue = (last: Drawn | undefined): boolean =>
  last === undefined || performance.now() - last.ended >= last.took / drawingShare

/** Draws a run's pictures. What draws is loaded with the first; what hinders it is said once and hinders nothing else. */
export class Pictures {
  readonly #folder: () => RunFolder | undefined
  readonly #warn: Warn
  #told = false
  /** Of the curves. */
  #last: Drawn | undefined
  /** The same of what was seen in a validation. */
  #lastSeen: Drawn | undefined
  #lastFilters: Drawn | undefined

  constructor(folder: () => RunFolder | undefined, warn: Warn) {
    this.#folder = folder
    this.#warn = warn
  }

  /** Draws the curves after an epoch, unless epochs are so short that drawing would take more time than they do. */
  async afterEpoch(): Promise<void> {
    if (isDue(this.#last)) await this.curves()
  }

  /** Keeps what was seen in a validation, under the same condition. */
  async seen(keep: () => Promise<void>): Promise<void> {
    if (!isDue(this.#lastSeen)) return
    const began = performance.now()
    await keep()
    const ended = performance.now()
    this.#lastSeen = { ended, took: ended - began }
  }

  /** The losses and accuracies so far, and in records that are still to be written. */
  async curves(...more: readonly RunRecord[]): Promise<void> {
    const began = performance.now()
    await this.#draw(async (folder) => {
      const { curvesSvg } = await import('@convzoo/visualize').catch(orNotInstalled('@convzoo/visualize'))
      const records: object[] = []
      for await (const record of folder.metrics.read()) records.push(record)
      await folder.writePicture('curves', await curvesSvg([...records, ...more]))
    })
    const ended = performance.now()
    this.#last = { ended, took: ended - began }
  }

  /** The filters of the first layer after an epoch, under the same condition as the curves. */
  async filtersAfterEpoch(network: Inside.Network): Promise<void> {
    if (isDue(this.#lastFilters)) await this.filters(network)
  }

  /** The filters of the first layer. */
  async filters(network: Inside.Network): Promise<void> {
    const began = performance.now()
    await this.#draw(async (folder) => {
      const look = await lookAt(network)
      if (look.inside.lastMaps(network.model) === undefined) return
      const { png } = await drawFilters(look)
      await folder.writeFilters(png)
    })
    const ended = performance.now()
    this.#lastFilters = { ended, took: ended - began }
  }

  /** Where a network looked for its worst mistakes; what hinders it leaves the mistakes without. What was whitened shows nothing below its maps. */
  async maps(
    network: Inside.Network,
    { mistakes = [] }: Pick<Evaluation, 'mistakes'>,
    dataset: Dataset,
    preprocessing: Preprocessing,
  ): Promise<MistakeMaps | undefined> {
    if (mistakes.length === 0) return undefined
    return this.#draw(async () => {
      const places = mistakes.map(({ index }) => index)
      const look = await lookAt(network)
      return drawMistakeMaps(look, dataset, mistakes, await picturesOf(preprocessing, dataset, places))
    })
  }

  /** The worst mistakes, as they are drawn. */
  async mistakes(draw: () => Promise<readonly StoredMistake[]>): Promise<void> {
    await this.#draw(async (folder) => folder.writeMistakes(await draw()))
  }

  async confusion(confusion: Evaluation['confusion'], classes: readonly string[]): Promise<void> {
    await this.#draw(async (folder) => {
      const { confusionSvg } = await import('@convzoo/visualize').catch(orNotInstalled('@convzoo/visualize'))
      const names = classes.map((name) => printable(name))
      await folder.writePicture('confusion', await confusionSvg(confusion, names))
    })
  }

  async #draw<T>(draw: (folder: RunFolder) => Promise<T>): Promise<T | undefined> {
    const folder = this.#folder()
    if (folder === undefined) return undefined
    return draw(folder).catch((error: unknown) => {
      const { sentence, hint } = ConvzooError.isInstance(error) ? error : { sentence: String(error), hint: undefined }
      const help = hint === undefined ? '' : ` Hint: ${hint}`
      if (!this.#told) this.#warn(printable(`The run has no pictures: ${sentence}${help}`, 1000))
      this.#told = true
      return undefined
    })
  }
}
