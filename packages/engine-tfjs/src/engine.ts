import { boolean, described, type OptionsOf, oneOf, optional, requireArguments, text } from '@convzoo/core/define'
import { compileOptions, defineEngine, programKind, RemoteExecutable, threadCount } from '@convzoo/core/engine'
import { makeFolder } from '@convzoo/files'
import { reportDevices } from './native/devices.js'
import { requireNative } from './native/packages.js'
import { requirePlacement } from './native/placement.js'
import { noRecord } from './runtime/record.js'
import type { Source } from './runtime/runtime.js'
import type { WorkerStart } from './runtime/tfjs-worker.js'
import { openThread } from './runtime/thread.js'
import { requireWebgpu } from './webgpu/package.js'

/** Where graphs run: pure JavaScript, TensorFlow's CPU kernels, TensorFlow's CUDA kernels, any GPU through WebGPU. */
export const tfjsDevices = ['cpu', 'node', 'cuda', 'webgpu'] as const
export type TfjsDevice = (typeof tfjsDevices)[number]

/**
 * The engine on TensorFlow.js: interprets a program's graphs on its kernels, in one worker thread, so that the caller is never
 * blocked. Native packages are no dependencies of this one; they are found when something is compiled.
 *
 * @throws ConvzooError of kind `option` for an unknown option or device, or a thread count that is none.
 * @example
 * const trainer = new Trainer({ model, engine: tfjs({ device: 'cuda' }), optimizer })
 */
export const tfjs = defineEngine({
  specification: 'engine/v1',
  name: 'tfjs',
  title: 'TensorFlow.js',
  options: {
    /** `cpu` by default, which is always there, and slow. */
    device: described('where it runs', optional(oneOf(...tfjsDevices), 'cpu')),
    /** Threads that share an operator on `node` and on the CPU side of `cuda`; TensorFlow's choice by default, a container's quota where it has one. */
    threads: described('threads that share an operator (all)', optional(threadCount)),
    /** With `cuda` and `webgpu`: go on where the processor does the work, which is an error otherwise. */
    allowCpu: described('go on where a GPU was asked for and the CPU does the work', optional(boolean, false)),
    /** With `cuda`: take GPU memory as it is needed (by default) rather than nearly all of it at once. */
    gpuMemoryGrowth: described(
      'take GPU memory as it is needed, not nearly all of it at once',
      optional(boolean, true),
    ),
    /** With `webgpu`: the folder that a record of each function is written into, a JSON file with what each kernel took; none by default. */
    profile: described('the folder that a record of each kernel is written into (webgpu)', optional(text)),
    /** The folder in whose node_modules the native packages are looked for first; the current folder by default. */
    project: described('the folder whose native packages are used (the current one)', optional(text)),
  },
  create({ device, threads, allowCpu, gpuMemoryGrowth, profile, project = process.cwd() }) {
    if (profile !== undefined && device !== 'webgpu') throw noRecord(`device ${device}`)
    const settings = { gpuMemoryGrowth, ...(threads === undefined ? {} : { threads }) }
    return {
      devices: () => reportDevices(project),
      async compile(program, how = {}) {
        requireArguments('compile of engine tfjs', { program: [programKind, program] })
        const { log = () => {} } = compileOptions.parse('compile of engine tfjs', how)
        const source = sourceOf(device, project)
        if (profile !== undefined) await makeFolder(profile)
        if (source.device === 'cuda') log(await requirePlacement(source, { allowCpu }))
        const { client, close } = await openThread(source, settings)
        const state = program.state.map(({ name, shape }) => ({ name, shape }))
        return RemoteExecutable.start({
          client,
          program,
          // The GPU's driver reads a batch where the caller has it.
          shared: device === 'webgpu',
          start: { functions: program.functions, state, source, allowCpu, profile } satisfies WorkerStart,
          end: async () => close(),
        })
      },
    }
  },
})

/** @throws ConvzooError of kind `engine` if what the device needs is not installed. */
function sourceOf(device: TfjsDevice, project: string): Source {
  if (device === 'cpu') return { device }
  return device === 'webgpu' ? requireWebgpu(project) : requireNative(device, project)
}

/** What may be said to {@link tfjs}. */
export type TfjsOptions = OptionsOf<typeof tfjs>
