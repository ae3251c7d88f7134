import { ConvzooError } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import type { Evaluation, RunFolder, RunRecord } from '@convzoo/trainer'
import { orNotInstalled } from '../plugins/not-installed.js'
import type { Warn } from '../source/run-data.js'

/** Drawing may take so much of the time that goes by between two pictures. */
const drawingShare = 0.1

/** Draws a run's pictures. What draws is loaded with the first; what hinders it is said once and hinders nothing else. */
export class Pictures {
  readonly #folder: () => RunFolder | undefined
  readonly #warn: Warn
  #told = false
  /** When the curves were drawn last, and how long that took. */
  #last: { readonly ended: number; readonly took: number } | undefined

  constructor(folder: () => RunFolder | undefined, warn: Warn) {
    this.#folder = folder
    this.#warn = warn
  }

  /** Draws the curves after an epoch, unless epochs are so short that drawing would take more time than they do. */
  async afterEpoch(): Promise<void> {
    const { ended, took } = this.#last ?? { ended: 0, took: 0 }
    if (this.#last === undefined || performance.now() - ended >= took / drawingShare) await this.curves()
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

  async confusion(confusion: Evaluation['confusion'], classes: readonly string[]): Promise<void> {
    await this.#draw(async (folder) => {
      const { confusionSvg } = await import('@convzoo/visualize').catch(orNotInstalled('@convzoo/visualize'))
      const names = classes.map((name) => printable(name))
      await folder.writePicture('confusion', await confusionSvg(confusion, names))
    })
  }

  async #draw(draw: (folder: RunFolder) => Promise<void>): Promise<void> {
    const folder = this.#folder()
    if (folder === undefined) return
    await draw(folder).catch((error: unknown) => {
      const { sentence, hint } = ConvzooError.isInstance(error) ? error : { sentence: String(error), hint: undefined }
      const help = hint === undefined ? '' : ` Hint: ${hint}`
      if (!this.#told) this.#warn(printable(`The run has no pictures: ${sentence}${help}`, 1000))
      this.#told = true
    })
  }
}
