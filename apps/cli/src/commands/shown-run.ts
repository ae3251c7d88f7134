import type { Callback } from '@convzoo/core'
import type { LiveRun } from '@convzoo/report'
import type { LogFormat } from '../terminal/log-format.js'
import type { Screen } from '../terminal/screen.js'

/** How a training is shown beside the terminal. */
export interface ShownBy {
  /** Whether its page is written; it is by default. */
  readonly report?: boolean | undefined
  /** The port at which the page is shown while it goes on; true for any that is free. */
  readonly live?: number | true | undefined
  /** How the terminal tells of it; `text` by default. */
  readonly logFormat?: LogFormat | undefined
}

/** The callbacks that show a training: its page as a file, and live. */
export async function showing({ report = true, live }: ShownBy, screen: Screen): Promise<readonly Callback[]> {
  if (!report && live === undefined) return []
  const module = await import('@convzoo/report')
  return [
    ...(report ? [module.report({ warn: (line) => screen.warn(line) })] : []),
    ...(live === undefined ? [] : [new LivePage(live === true ? 0 : live, screen)]),
  ]
}

/** Shows a run from its first step until all is recorded. */
class LivePage implements Callback, AsyncDisposable {
  readonly #port: number
  readonly #screen: Screen
  #live: LiveRun | undefined

  constructor(port: number, screen: Screen) {
    this.#port = port
    this.#screen = screen
  }

  async onTrainBegin(...[, { folder }]: Parameters<NonNullable<Callback['onTrainBegin']>>): Promise<void> {
    if (folder === undefined) return
    const { liveRun } = await import('@convzoo/report')
    this.#live = await liveRun(folder, { port: this.#port, onWarning: (line) => this.#screen.warn(line) })
    this.#screen.say(`live    ${this.#live.url}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#live?.close()
  }
}
