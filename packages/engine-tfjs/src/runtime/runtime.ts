import type { Kernels } from '../interpreter/kernels.js'
import type { NativePackage } from '../native/packages.js'
import type { AdapterReport } from '../webgpu/adapter.js'
import type { WebgpuSource } from '../webgpu/package.js'
import type { Recorder } from './record.js'

/** TensorFlow.js with a backend, loaded. */
export interface Runtime {
  readonly kernels: Kernels
  /** Packages and versions, and where the native ones come from; in one line. */
  readonly description: string
  /** Versions and paths of a native backend. */
  readonly native?: LoadedNative
  /** The GPU that WebGPU gave. */
  readonly adapter?: AdapterReport
  /** Says what each kernel takes, where the device has a clock. */
  readonly record?: Recorder
}

/** What is loaded: pure JavaScript, a native package, or WebGPU. */
export type Source = { readonly device: 'cpu' } | NativePackage | WebgpuSource

export interface LoadedNative {
  readonly libtensorflow: string
  readonly binding: string
  /** The file that libtensorflow was loaded from, where the system tells. */
  readonly library: string | undefined
  /** Whether TensorFlow sees a GPU. */
  readonly gpu: boolean
}
