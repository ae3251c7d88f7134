import type { BoundPlace } from './bound-session.js'
import type { Call, Session } from './runtime.js'

type Open = () => Promise<Session<BoundPlace>>

/**
 * A session whose runs are recorded and replayed, where that can be. Operators that wait for the device, or copy by themselves, cannot be
 * recorded: then the function runs anew each time. State is read in one place and written in another, so a run that failed is made again.
 */
export class RecordedSession implements Session<BoundPlace> {
  readonly #unrecorded: Open
  #session: Session<BoundPlace>
  #isProven: boolean

  private constructor(unrecorded: Open, session: Session<BoundPlace>, isProven: boolean) {
    this.#unrecorded = unrecorded
    this.#session = session
    this.#isProven = isProven
  }

  static async open({ recorded, unrecorded }: { recorded: Open; unrecorded: Open }): Promise<RecordedSession> {
    try {
      return new RecordedSession(unrecorded, await recorded(), false)
    } catch {
      // What is wrong with the function itself is said by the second try.
      return new RecordedSession(unrecorded, await unrecorded(), true)
    }
  }

  async run(call: Call<BoundPlace>): Promise<void> {
    try {
      await this.#session.run(call)
    } catch (error) {
      if (this.#isProven) throw error
      const failed = this.#session
      this.#session = await this.#unrecorded()
      await failed.release()
      await this.#session.run(call)
    }
    this.#isProven = true
  }

  release(): Promise<void> {
    return this.#session.release()
  }
}
