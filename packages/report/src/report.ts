import { join } from 'node:path'
import { type Callback, ConvzooError, type Model, type TrainingContext } from '@convzoo/core'
import { defineCallback, described, functionOf, type OptionsOf, optional, printable } from '@convzoo/core/define'
import { replaceFile } from '@convzoo/files'
import { pageOf } from './page/page.js'
import type { FixedParts } from './page/page-data.js'
import { fixedParts } from './story/fixed.js'
import { readLook } from './story/look.js'
import { ToldRun } from './story/read-run.js'
import { reportFile } from './write-report.js'

/** Writing may take so much of the time that goes by between two pages. */
const writingShare = 0.1

/**
 * Writes `report.html` into the folder of the run after each epoch, unless epochs are so short that writing would take more time than they
 * do, and when the run is over. What hinders it is said once, and hinders no training.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * await train({ network: 'alexnet', data: 'flowers', callbacks: ['report'] }, { folder: 'runs/flowers' })
 */
export const report = defineCallback({
  specification: 'callback/v1',
  name: 'report',
  title: 'writes a page of the run, report.html, after each epoch',
  options: {
    warn: described(
      'gets the line that says why there is no page; console.warn by default',
      optional(functionOf<(line: string) => void>(), (line) => console.warn(line)),
    ),
  },
  create: ({ warn }) => new Reporter(warn),
})

export type ReportOptions = OptionsOf<typeof report>

/** Writes the page of one run. */
class Reporter implements Callback, AsyncDisposable {
  readonly #warn: (line: string) => void
  #isTold = false
  #model: Model | undefined
  #folder: string | undefined
  #run: ToldRun | undefined
  #fixed: FixedParts | undefined
  #last: { readonly ended: number; readonly took: number } | undefined

  constructor(warn: (line: string) => void) {
    this.#warn = warn
  }

  onTrainBegin(_: unknown, { model, folder }: TrainingContext): void {
    this.#model = model
    this.#folder = folder
    if (folder === undefined) this.#hinder('it belongs to no run: there is no folder for it')
  }

  async onEpoch(): Promise<void> {
    const { ended, took } = this.#last ?? { ended: 0, took: 0 }
    if (this.#last === undefined || performance.now() - ended >= took / writingShare) await this.#write()
  }

  /** The run is over, and all is recorded. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#write()
  }

  async #write(): Promise<void> {
    const folder = this.#folder
    if (folder === undefined) return
    const began = performance.now()
    try {
      this.#run ??= await ToldRun.open(folder)
      this.#fixed ??= await fixedParts(folder, this.#model)
      const progress = await this.#run.progress()
      const { html } = await pageOf({ fixed: this.#fixed, progress, look: await readLook(folder) })
      await replaceFile(join(folder, reportFile), (file) => file.writeFile(html))
    } catch (error) {
      this.#hinder(ConvzooError.isInstance(error) ? error.sentence : String(error))
    }
    const ended = performance.now()
    this.#last = { ended, took: ended - began }
  }

  #hinder(why: string): void {
    if (!this.#isTold) this.#warn(printable(`The run has no ${reportFile}: ${why}`, 1000))
    this.#isTold = true
  }
}
