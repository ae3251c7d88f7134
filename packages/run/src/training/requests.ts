import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Callback } from '@convzoo/core'
import { oneOf, requireArguments } from '@convzoo/core/define'
import { pathOption, removeIfFree, replaceFile } from '@convzoo/files'
import { RunFolder } from '@convzoo/trainer'

/** What may be asked of a run that goes on. */
export type RunRequest = 'stop' | 'checkpoint'

const kinds = ['stop', 'checkpoint'] as const satisfies readonly RunRequest[]

/** Milliseconds between two looks at what was asked. */
const lookEvery = 500

const fileOf = (folder: string, request: RunRequest): string => join(folder, `asked-to-${request}`)

/**
 * Asks a run that goes on, in this process or another one, to stop after the step under way, as Ctrl-C does, or to write a checkpoint
 * after it. A run that does not go on is not asked.
 *
 * @returns Whether it goes on, and so was asked.
 * @throws ConvzooError of kind `file` if the folder is no run.
 * @example
 * await askRun('runs/flowers', 'stop')
 */
export async function askRun(folder: string, request: RunRequest): Promise<boolean> {
  requireArguments('askRun', { folder: [pathOption, folder], request: [oneOf(...kinds), request] })
  const run = await RunFolder.open(folder)
  if (!(await run.isLocked())) return false
  await replaceFile(fileOf(folder, request), async () => undefined)
  return true
}

/** Hears what a run is asked while it trains, and what its caller's signal says. */
export class Requests implements AsyncDisposable {
  readonly #controller = new AbortController()
  #folder: RunFolder | undefined
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #wantsCheckpoint = false
  #unfollow: () => void = () => undefined

  /** Writes the checkpoint that was asked for. */
  readonly callback: Callback = {
    onStep: async (_, context) => {
      if (!this.#wantsCheckpoint) return
      this.#wantsCheckpoint = false
      await this.#folder?.writeCheckpoint(context)
    },
  }

  /** Begins: what was asked of an earlier training of the run is forgotten. */
  async begin(folder: RunFolder, signal: AbortSignal | undefined): Promise<void> {
    this.#folder = folder
    for (const request of kinds) await removeIfFree(fileOf(folder.path, request))
    const follow = (): void => this.#controller.abort(signal?.reason)
    if (signal?.aborted === true) follow()
    signal?.addEventListener('abort', follow, { once: true })
    this.#unfollow = () => signal?.removeEventListener('abort', follow)
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.#look(folder.path))
    }, lookEvery).unref()
  }

  /** Given when the caller's is, or when the run is asked to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#unfollow()
    await this.#looking
  }

  async #look(folder: string): Promise<void> {
    for (const request of kinds) {
      const file = fileOf(folder, request)
      const found = await stat(file).catch(() => undefined)
      if (found === undefined) continue
      await removeIfFree(file)
      if (request === 'stop') this.#controller.abort()
      else this.#wantsCheckpoint = true
    }
  }
}
