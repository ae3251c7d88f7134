import type { Outputs } from '@convzoo/core'
import type { Arrays } from '@convzoo/core/engine'
import type { Ran, TensorFunction } from './function.js'

/**
 * Calls of a program, of which two may be under way: the device computes one while the inputs of the next cross and its work is asked for. Each
 * holds the state that it replaced until its results are there, so there are no more.
 */
export class Calls {
  /** Whether the newest came to its assignments. */
  #newest: Promise<boolean> = Promise.resolve(true)
  /** When the one before the newest has ended. */
  #older: Promise<unknown> = this.#newest
  /** When the newest has asked for its work. */
  #begun: Promise<unknown> = this.#newest

  /** A call that waits for those before it, however they ended. */
  async alone(called: TensorFunction, inputs: Arrays): Promise<Outputs> {
    const ran = await this.#enter(called, inputs, this.#newest, Promise.resolve(true))
    return ran?.outputs ?? {}
  }

  /** One that is made only if the call before it came to its assignments. */
  async after(called: TensorFunction, inputs: Arrays): Promise<Outputs | undefined> {
    const ran = await this.#enter(called, inputs, this.#older, this.#newest)
    return ran?.outputs
  }

  #enter(
    called: TensorFunction,
    inputs: Arrays,
    room: Promise<unknown>,
    before: Promise<boolean>,
  ): Promise<Ran | undefined> {
    let ran: Promise<Ran | undefined> | undefined
    const begun = Promise.all([this.#begun, room]).then(() => {
      ran = called.call(inputs, before)
      // Whoever asked hears of a failure below.
      ran.catch(() => undefined)
    })
    const ended = begun.then(() => ran)
    this.#begun = begun
    this.#older = this.#newest
    this.#newest = ended.then(
      (found) => found?.allowed === true,
      () => false,
    )
    return ended
  }
}
