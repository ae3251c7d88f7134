import { isError } from '@convzoo/core/define'
import type * as Runtime from 'onnxruntime-node'
import { probeOutput, stopOutput } from './stop.js'

type Tensors = Readonly<Record<string, Runtime.Tensor>>

/** What of a session is needed to run it. */
export interface Runnable {
  run(feeds: Tensors, fetches: Readonly<Record<string, Runtime.Tensor | null>>): Promise<unknown>
}

/** Runs a session once. Every output goes into the tensor that is given for it. */
export type RunSession = (session: Runnable, feeds: Tensors, fetches: Tensors) => Promise<void>

/**
 * How sessions of this runtime are run with the fewest copies. The probe, a session of `stopProbe`, shows whether the runtime writes what
 * was asked for and then fails on the sequence; that failure is expected from then on. A runtime that does anything else is run as its
 * documentation says.
 */
export async function sessionRunner(runtime: Pick<typeof Runtime, 'Tensor'>, probe: Runnable): Promise<RunSession> {
  const written = new Float32Array(1)
  const stopped = await messageOf(
    probe.run({}, { [stopOutput]: null, [probeOutput]: new runtime.Tensor('float32', written, [1]) }),
  )
  if (stopped === undefined || written[0] !== 1) {
    return async (session, feeds, fetches) => {
      await session.run(feeds, fetches)
    }
  }
  return async (session, feeds, fetches) => {
    try {
      await session.run(feeds, { ...fetches, [stopOutput]: null })
    } catch (error) {
      if (!isError(error) || error.message !== stopped) throw error
    }
  }
}

async function messageOf(run: Promise<unknown>): Promise<string | undefined> {
  try {
    await run
    return undefined
  } catch (error) {
    return isError(error) ? error.message : undefined
  }
}
