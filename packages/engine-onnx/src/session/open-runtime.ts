import { npmLibrary } from '../capi/npm-library.js'
import { OrtApi } from '../capi/ort-api.js'
import { BoundRuntime } from './bound-runtime.js'
import { nodeRuntime } from './node-runtime.js'
import type { Place, Runtime } from './runtime.js'

/** On which runtime, and how. Plain data, which a worker thread can be sent. */
export interface RuntimeChoice {
  readonly threads: number
  /** Whether ONNX Runtime may report to its maker. */
  readonly telemetry: boolean
  /** The model of `stopProbe`, for where the C interface cannot be called. */
  readonly probe: Uint8Array
}

/**
 * The library of onnxruntime-node on the CPU: through its C interface, and through the package's own JavaScript where koffi is not installed or
 * has nothing for this system. Both give the same bytes.
 *
 * @throws ConvzooError of kind `engine` if the library cannot be loaded.
 */
export async function openRuntime({ threads, telemetry, probe }: RuntimeChoice): Promise<Runtime<Place>> {
  const api = await OrtApi.load(npmLibrary()).catch(() => undefined)
  if (api === undefined) return nodeRuntime(threads, probe)
  return new BoundRuntime(api, { threads, telemetry, onDevice: false })
}
