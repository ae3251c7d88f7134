import {
  boolean,
  type CompileOptions,
  compileOptions,
  type DeviceReport,
  defineOptions,
  type Engine,
  type Executable,
  oneOf,
  optional,
  type Program,
  programKind,
  requireArguments,
  text,
  threadCount,
} from '@convzoo/core'
import { RemoteExecutable } from '@convzoo/core/worker'
import { reportDevices } from './native/devices.js'
import { requireNative } from './native/packages.js'
import { requirePlacement } from './native/placement.js'
import type { WorkerStart } from './runtime/tfjs-worker.js'
import { openThread } from './runtime/thread.js'

/** Where graphs run: pure JavaScript, TensorFlow's CPU kernels, TensorFlow's CUDA kernels. */
export type TfjsDevice = 'cpu' | 'node' | 'cuda'
export const tfjsDevices = ['cpu', 'node', 'cuda'] as const satisfies readonly TfjsDevice[]

export interface TfjsOptions {
  /** `cpu` by default, which is always there, and slow. */
  readonly device?: TfjsDevice
  /** Threads that share an operator on `node` and on the CPU side of `cuda`; TensorFlow's choice by default, a container's quota where it has one. */
  readonly threads?: number
  /** With `cuda`: go on where TensorFlow places the work on the CPU, which is an error otherwise. */
  readonly allowCpu?: boolean
  /** With `cuda`: take GPU memory as it is needed (by default) rather than nearly all of it at once. */
  readonly gpuMemoryGrowth?: boolean
  /** The folder in whose node_modules the native packages are looked for first; the current folder by default. */
  readonly project?: string
}

const options = defineOptions({
  device: optional(oneOf(...tfjsDevices), 'cpu'),
  threads: optional(threadCount),
  allowCpu: optional(boolean, false),
  gpuMemoryGrowth: optional(boolean, true),
  project: optional(text),
})

/**
 * The engine on TensorFlow.js: interprets a program's graphs on its kernels, in one worker thread, so that the caller is never
 * blocked. Native packages are no dependencies of this one; they are found when something is compiled.
 *
 * @throws ConvzooError of kind `option` for an unknown option or device, or a thread count that is none.
 * @example
 * const trainer = new Trainer({ model, engine: tfjs({ device: 'cuda' }), optimizer })
 */
export function tfjs(given: TfjsOptions = {}): Engine {
  const { device, threads, allowCpu, gpuMemoryGrowth, project = process.cwd() } = options.parse('engine tfjs', given)
  const settings = { gpuMemoryGrowth, ...(threads === undefined ? {} : { threads }) }
  return {
    specification: 'engine/v1',
    name: 'tfjs',
    devices: (): Promise<readonly DeviceReport[]> => reportDevices(project),
    async compile(program: Program, how: CompileOptions = {}): Promise<Executable> {
      requireArguments('compile of engine tfjs', { program: [programKind, program] })
      const { log = () => {} } = compileOptions.parse('compile of engine tfjs', how)
      const native = device === 'cpu' ? undefined : requireNative(device, project)
      if (native?.device === 'cuda') log(await requirePlacement(native, { allowCpu }))
      const { client, close } = await openThread(native, settings)
      const state = program.state.map(({ name, shape }) => ({ name, shape }))
      return RemoteExecutable.start({
        client,
        program,
        start: { functions: program.functions, state, native } satisfies WorkerStart,
        end: async () => close(),
      })
    },
  }
}
