import type * as Ort from 'onnxruntime-node'
import { npmLibrary } from '../capi/npm-library.js'
import { OrtApi } from '../capi/ort-api.js'
import { loadRuntime } from '../runtime/load.js'

/** The library of onnxruntime-node, by the way that is open to it here. */
export type CpuLibrary = { readonly api: OrtApi } | { readonly runtime: typeof Ort }

/**
 * Loads the library that onnxruntime-node brings: for its C interface, or, where koffi is not installed or has nothing for this system, by
 * the package's own JavaScript.
 *
 * @throws ConvzooError of kind `engine` that says what keeps it from being loaded.
 */
export async function openCpu(): Promise<CpuLibrary> {
  try {
    return { api: await OrtApi.load(npmLibrary()) }
  } catch {
    return { runtime: await loadRuntime() }
  }
}
