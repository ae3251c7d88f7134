import type { Outputs } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { type StepInputs, stepInputs, toldBy } from './micro-batches.js'
import { counted, inputsOf, type MadeBatch, type StepDone, type StepOptions, trainingSizes } from './step.js'

/** Steps whose batches are held at most: one that the engine computes, one that crosses, and one that is there when the first is done. */
const mostUnderWay = 3

/** Steps that were done together, and what ended them early. */
interface StepsDone {
  readonly done: readonly StepDone[]
  readonly failure?: { readonly error: unknown }
}

interface UnderWay {
  readonly batch: MadeBatch
  readonly inputs: StepInputs
  /** What it gives, and when that came. */
  readonly ran: Promise<{ readonly outputs: Outputs | undefined; readonly at: number }>
}

/**
 * Does steps of which each is asked for while the losses of those before may be on their way, as far as the engine can. What is seen from outside is
 * the state before the first or after the last.
 *
 * @param count How many at most. Their batches are of one size and of one epoch.
 * @throws The reason of the stop, if it is given before the first.
 */
export async function stepsAhead(
  options: StepOptions,
  count: number,
  first: MadeBatch,
  batches: AsyncIterator<MadeBatch, void, undefined>,
): Promise<StepsDone> {
  const { session, stand, stop } = options
  const { size } = first.item
  const from = stand.position.step
  const done: StepDone[] = []
  let failure: StepsDone['failure']
  await session.prepare(trainingSizes([size], undefined))
  const began = performance.now()
  const work = async (call: (inputs: ReturnType<typeof stepInputs>) => Promise<Outputs | undefined>): Promise<void> => {
    const underWay: UnderWay[] = []
    const idle = new Idleness()
    let ended = began - first.waited * 1000
    const ask = (batch: MadeBatch): void => {
      const inputs = inputsOf(options, from + done.length + underWay.length)
      const called = call(stepInputs(batch.item, inputs))
      idle.until(called)
      const ran = called.then((outputs) => ({ outputs, at: performance.now() }))
      // It is awaited when its turn comes.
      ran.catch(() => undefined)
      underWay.push({ batch, inputs, ran })
    }
    const endOldest = async (): Promise<void> => {
      const oldest = underWay[0]
      if (oldest === undefined) throw internalError('A step was awaited that was not asked for.')
      const { batch, inputs } = oldest
      const { outputs, at } = await oldest.ran.finally(() => underWay.shift())
      // One before it says why it was not made.
      if (outputs === undefined) return
      const { record, read } = counted(options, batch.item, inputs, toldBy(outputs))
      done.push({ record: { ...record, seconds: (at - ended) / 1000, waited: batch.waited }, read })
      ended = at
    }
    try {
      ask(first)
      for (let number = 1; number < count && !stop.isGiven; number++) {
        if (underWay.length === mostUnderWay) await endOldest()
        const { value } = await batches.next()
        if (value === undefined) break
        ask({ item: value.item, waited: idle.partOf(value.waited) })
      }
    } catch (error) {
      failure = { error }
    }
    while (underWay.length > 0) {
      await endOldest().catch((error: unknown) => {
        failure = { error }
      })
    }
  }
  await session.change(() => session.runEach('train', size, work), stop)
  return { done, ...(failure === undefined ? {} : { failure }) }
}

/** Since when the engine has had nothing to do. */
class Idleness {
  #calls = 0
  #since = performance.now()

  until(call: Promise<unknown>): void {
    const end = (): void => {
      this.#calls--
      this.#since = performance.now()
    }
    this.#calls++
    call.then(end, end)
  }

  /** Of the seconds that were just waited, those in which it had nothing to do. */
  partOf(seconds: number): number {
    return this.#calls > 0 ? 0 : Math.min(seconds, (performance.now() - this.#since) / 1000)
  }
}
