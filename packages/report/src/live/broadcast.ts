import type { LookParts, ProgressParts } from '../page/page-data.js'
import { readLook } from '../story/look.js'
import type { ToldRun } from '../story/read-run.js'

/** Milliseconds between two looks at the folder while somebody watches. */
const lookEvery = 1000

/** Gets the events, each as a text that an event stream holds. */
type Watcher = (event: string) => void

const eventOf = (name: string, text: string): string => `event: ${name}\ndata: ${text}\n\n`

/** Tells all who watch what changes in a run. The folder is looked at once for all of them, and only while somebody watches. */
export class Broadcast {
  readonly #run: ToldRun
  readonly #onDefect: (error: unknown) => void
  readonly #watchers = new Map<Watcher, () => void>()
  readonly #told = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined

  constructor(run: ToldRun, onDefect: (error: unknown) => void) {
    this.#run = run
    this.#onDefect = onDefect
  }

  /** What is known now. */
  async now(): Promise<{ readonly progress: ProgressParts; readonly look: LookParts }> {
    return { progress: await this.#run.progress(), look: await readLook(this.#run.path) }
  }

  /**
   * @param end Called when nothing is told any more.
   * @returns What ends watching.
   */
  watch(watcher: Watcher, end: () => void): () => void {
    this.#watchers.set(watcher, end)
    for (const [name, text] of this.#told) watcher(eventOf(name, text))
    this.#timer ??= setInterval(() => this.#look(), lookEvery).unref()
    this.#look()
    return () => {
      this.#watchers.delete(watcher)
      if (this.#watchers.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  /** Tells a last time, and nothing any more. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking
    if (this.#watchers.size > 0) await this.#tell()
    for (const end of this.#watchers.values()) end()
    this.#watchers.clear()
  }

  #look(): void {
    this.#looking ??= this.#tell().finally(() => {
      this.#looking = undefined
    })
  }

  async #tell(): Promise<void> {
    try {
      const { progress, look } = await this.now()
      for (const [name, value] of Object.entries({ progress, look })) {
        const text = JSON.stringify(value)
        if (this.#told.get(name) === text) continue
        this.#told.set(name, text)
        for (const watcher of this.#watchers.keys()) watcher(eventOf(name, text))
      }
    } catch (error) {
      this.#onDefect(error)
    }
  }
}
