import { ConvzooError } from '@convzoo/core'
import type { CallScope, Platform } from './platform.js'
import type { Stop } from './stop.js'

/** Work that is under way, or was. */
interface Section {
  isOpen: boolean
}

interface Waiting {
  readonly changes: boolean
  enter(): void
}

/**
 * Parts the time into sections: in some the state is looked at, by any number at once; in others it is changed, by one alone. Who waits
 * is served in turn. What is begun from within a section that looks, by a dataset or a callback that it calls, is part of that section:
 * waiting for its end would be for ever. Where nothing follows calls, whatever looks while others look goes before the changes that wait, and a
 * change that is begun from within a section that looks waits.
 */
export class Sections {
  readonly #scope: CallScope<Section>
  readonly #waiting: Waiting[] = []
  #looking = 0
  #changing = false

  constructor(platform: Platform) {
    this.#scope = platform.scope()
  }

  /** Work during which the state stays as it is. */
  look<T>(work: () => Promise<T>, stop: Stop): Promise<T> {
    return this.#isWithin() ? work() : this.#section(false, work, stop)
  }

  /**
   * Work that changes the state.
   *
   * @throws ConvzooError of kind `state` if it is begun from within a section that looks.
   */
  change<T>(work: () => Promise<T>, stop: Stop): Promise<T> {
    if (!this.#isWithin()) return this.#section(true, work, stop)
    return Promise.reject(
      new ConvzooError({
        kind: 'state',
        message: 'The state of the trainer was to be changed by what it called while it looked at it.',
        expected: 'a dataset or a callback of an evaluation that leaves the state as it is',
        received: 'a change of it',
        hint: 'change it when the evaluation has ended',
      }),
    )
  }

  /** Whether this is called from within a section that has not ended. */
  #isWithin(): boolean {
    return this.#scope.follows && this.#scope.current()?.isOpen === true
  }

  async #section<T>(changes: boolean, work: () => Promise<T>, stop: Stop): Promise<T> {
    await this.#enter(changes, stop)
    const section: Section = { isOpen: true }
    try {
      return await this.#scope.run(section, work)
    } finally {
      section.isOpen = false
      if (changes) this.#changing = false
      else this.#looking--
      this.#admit()
    }
  }

  async #enter(changes: boolean, stop: Stop): Promise<void> {
    stop.throwIfGiven()
    if (!changes && !this.#scope.follows && this.#looking > 0) {
      this.#looking++
      return
    }
    let waiting: Waiting | undefined
    const entered = new Promise<void>((resolve) => {
      waiting = { changes, enter: resolve }
      this.#waiting.push(waiting)
    })
    this.#admit()
    try {
      await stop.race(entered)
    } catch (error) {
      const place = waiting === undefined ? -1 : this.#waiting.indexOf(waiting)
      if (place >= 0) this.#waiting.splice(place, 1)
      // Its turn came in the same moment: it goes to whoever is next.
      else if (changes) this.#changing = false
      else this.#looking--
      this.#admit()
      throw error
    }
  }

  #admit(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (this.#changing || (first.changes && this.#looking > 0)) return
      this.#waiting.shift()
      if (first.changes) this.#changing = true
      else this.#looking++
      first.enter()
    }
  }
}
