import type { Callback } from '@convzoo/core'
import type { CallScope, Platform } from '../platform.js'
import type { Session } from '../session.js'
import { patience, type Stop } from '../stop.js'
import { type Memories, memoriesOf, requireNames, restoreMemories } from './memory.js'

/** What a callback does when it is told of something. */
interface Hearing {
  isOpen: boolean
  /** It waits for the others to have heard the same. */
  readonly wait: () => void
}

type Call = (callback: Callback) => void | Promise<void> | undefined

/**
 * Tells the callbacks of a trainer what happens, one after the other. What they keep and where training stands move together, as far as
 * {@link lookWhenHeard} shows them. A callback that waits for it, as one that saves does, lets the next one go first. Where nothing follows calls,
 * whoever saves meanwhile passes for the callback that is being told.
 */
export class Telling {
  readonly #callbacks: readonly Callback[]
  readonly #scope: CallScope<Hearing>
  #heard: Promise<void> = Promise.resolve()
  #allHeard: (() => void) | undefined

  /** @throws ConvzooError of kind `option` unless each callback that remembers something has a name of its own. */
  constructor(callbacks: readonly Callback[], platform: Platform) {
    requireNames(callbacks)
    this.#scope = platform.scope()
    this.#callbacks = callbacks
  }

  /** What they have to remember at this moment. */
  get memories(): Memories {
    return memoriesOf(this.#callbacks)
  }

  /** Gives them back what they remembered. Gives what undoes that. */
  restore(memories: Memories): () => void {
    return restoreMemories(this.#callbacks, memories)
  }

  /** Something happens that they will be told of. */
  begin(): void {
    if (this.#allHeard !== undefined) return
    this.#heard = new Promise((resolve) => {
      this.#allHeard = resolve
    })
  }

  /** They have heard of it, or will not any more. */
  end(): void {
    this.#allHeard?.()
    this.#allHeard = undefined
  }

  /** Work during which the state stays as it is, at a moment at which all callbacks have heard of all that happened. */
  async lookWhenHeard<T>(session: Session, work: () => Promise<T>): Promise<T> {
    const stop = session.stop()
    // A step that ends in between is heard of first.
    for (;;) {
      await this.#heardByAll(stop)
      const looked = await session.look(async () =>
        this.#allHeard === undefined ? { result: await work() } : undefined,
      )
      if (looked !== undefined) return looked.result
    }
  }

  /**
   * Tells the callbacks of something, or of several things one after the other, and waits for each; once training is stopped, not for long. Who saves
   * within is told of the rest meanwhile.
   *
   * @throws What one of them throws: those after it are not told. Or the reason of the stop.
   */
  async tell(what: Call | readonly Call[], stop: Stop): Promise<void> {
    this.begin()
    const hearings: Promise<void>[] = []
    try {
      for (const each of typeof what === 'function' ? [what] : what) {
        for (const callback of this.#callbacks) {
          const { ended, waits } = this.#told(callback, each, stop)
          hearings.push(ended)
          await Promise.race([ended, waits])
        }
      }
    } finally {
      this.end()
      await Promise.allSettled(hearings)
    }
    await Promise.all(hearings)
  }

  /** Tells all callbacks of the end, whatever one of them does. Gives what they threw, in their order. */
  async tellEnd(what: Call, stop: Stop): Promise<readonly unknown[]> {
    const errors: unknown[] = []
    for (const callback of this.#callbacks) {
      await this.#told(callback, what, stop).ended.catch((error: unknown) => {
        if (!stop.isReason(error)) errors.push(error)
      })
    }
    return errors
  }

  async #heardByAll(stop: Stop): Promise<void> {
    const hearing = this.#scope.current()
    if (hearing?.isOpen === true) hearing.wait()
    await stop.race(this.#heard)
  }

  #told(callback: Callback, what: Call, stop: Stop): { readonly ended: Promise<void>; readonly waits: Promise<void> } {
    let wait = (): void => undefined
    const waits = new Promise<void>((resolve) => {
      wait = resolve
    })
    const hearing: Hearing = { isOpen: true, wait }
    const heard = async (): Promise<void> => {
      try {
        await stop.race(what(callback), patience)
      } finally {
        hearing.isOpen = false
      }
    }
    return { ended: this.#scope.run(hearing, heard), waits }
  }
}
