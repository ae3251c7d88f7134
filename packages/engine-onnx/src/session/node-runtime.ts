import { isFloat32Array, isUint8Array, sizeOf } from '@convzoo/core/define'
import type * as Ort from 'onnxruntime-node'
import type { Numbers } from '../capi/values.js'
import { HostPlace } from './host-place.js'
import { recordPrefix } from './record.js'
import { sessionRunner } from './run-session.js'
import type { Call, Runtime } from './runtime.js'
import { shapesOf } from './tensors.js'

interface NodeOptions {
  readonly threads: number
  /** Whether threads that wait for work stay awake; true by default. */
  readonly spinning?: boolean | undefined
  /** The folder that the record of each session is written into, if there is to be one. */
  readonly profile?: string | undefined
  /** The model of `stopProbe`. */
  readonly probe: Uint8Array
}

/**
 * ONNX Runtime through onnxruntime-node's own JavaScript, on the CPU: where koffi is not.
 *
 * @throws Error in the words of ONNX Runtime.
 */
export async function nodeRuntime(
  runtime: typeof Ort,
  { threads, spinning = true, profile, probe }: NodeOptions,
): Promise<Runtime<HostPlace>> {
  const options = {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // One planned block for a whole run would lie beside the pieces that the first run, which has no plan yet, took one by one.
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' } } },
  } satisfies Ort.InferenceSession.SessionOptions
  const probeSession = await runtime.InferenceSession.create(probe, { ...options, intraOpNumThreads: 1 })
  const runSession = await sessionRunner(runtime, probeSession)
  await probeSession.release()
  return {
    place: (shape) => new HostPlace(sizeOf(shape)),
    async session(lowered) {
      const session = await runtime.InferenceSession.create(lowered.model, {
        ...options,
        ...(profile === undefined
          ? {}
          : { enableProfiling: true, profileFilePrefix: recordPrefix(profile, lowered.name) }),
      })
      const shapes = shapesOf(lowered)
      const tensor = (name: string, data: Numbers): Ort.Tensor => {
        if (isFloat32Array(data)) return new runtime.Tensor('float32', data, shapes.get(name))
        if (isUint8Array(data)) return new runtime.Tensor('bool', data, shapes.get(name))
        return new runtime.Tensor('uint32', data, shapes.get(name))
      }
      const all = (...maps: readonly ReadonlyMap<string, Numbers | HostPlace>[]) =>
        Object.fromEntries(
          maps.flatMap((map) =>
            [...map].map(([name, held]) => [name, tensor(name, held instanceof HostPlace ? held.data : held)]),
          ),
        )
      return {
        run: ({ feeds, states, next, outputs }: Call<HostPlace>) =>
          runSession(session, all(feeds, states), all(next, outputs)),
        release: () => session.release(),
      }
    },
    async release() {},
  }
}
