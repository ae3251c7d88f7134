import { ConvzooError, type DeviceReport, type Engine, type Executable, type Program } from '@convzoo/core'
import { RemoteExecutable } from '@convzoo/core/worker'
import { reportDevices } from './native/devices.js'
import { requireNative } from './native/packages.js'
import { requirePlacement } from './native/placement.js'
import { openThread } from './runtime/thread.js'
import type { WorkerStart } from './runtime/worker.js'

/** Where graphs run: pure JavaScript, TensorFlow's CPU kernels, TensorFlow's CUDA kernels. */
export type TfjsDevice = 'cpu' | 'node' | 'cuda'
export const tfjsDevices = ['cpu', 'node', 'cuda'] as const satisfies readonly TfjsDevice[]

export interface TfjsOptions {
  /** `cpu` by default, which is always there, and slow. */
  readonly device?: TfjsDevice
  /** Threads that share an operator on `node` and on the CPU side of `cuda`; TensorFlow's choice by default. */
  readonly threads?: number
  /** With `cuda`: go on where TensorFlow places the work on the CPU, which is an error otherwise. */
  readonly allowCpu?: boolean
  /** With `cuda`: take GPU memory as it is needed (by default) rather than nearly all of it at once. */
  readonly gpuMemoryGrowth?: boolean
  /** The folder in whose node_modules the native packages are looked for first; the current folder by default. */
  readonly project?: string
}

/**
 * The engine on TensorFlow.js: interprets a program's graphs on its kernels, in one worker thread, so that the caller is never
 * blocked. Native packages are no dependencies of this one; they are found when something is compiled.
 *
 * @throws ConvzooError of kind `option` for an unknown device or a thread count below 1.
 * @example
 * const trainer = new Trainer({ model, engine: tfjs({ device: 'cuda' }), optimizer })
 */
export function tfjs({
  device = 'cpu',
  threads,
  allowCpu = false,
  gpuMemoryGrowth = true,
  project = process.cwd(),
}: TfjsOptions = {}): Engine {
  requireKnown('device', device, tfjsDevices.includes(device), tfjsDevices.join(', '))
  requireKnown(
    'threads',
    threads,
    threads === undefined || (Number.isInteger(threads) && threads >= 1),
    'a whole number of at least 1',
  )
  const options = { gpuMemoryGrowth, ...(threads === undefined ? {} : { threads }) }
  return {
    specification: 'engine/v1',
    name: 'tfjs',
    devices: (): Promise<readonly DeviceReport[]> => reportDevices(project),
    async compile(program: Program, { log = () => {} } = {}): Promise<Executable> {
      const native = device === 'cpu' ? undefined : requireNative(device, project)
      if (native?.device === 'cuda') log(await requirePlacement(native, { allowCpu }))
      const { client, close } = openThread(native, options)
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

function requireKnown(option: string, received: unknown, fits: boolean, expected: string): void {
  if (fits) return
  throw new ConvzooError({
    kind: 'option',
    message: `The option "${option}" of engine tfjs has a value that cannot be used.`,
    expected,
    received: String(received),
  })
}
