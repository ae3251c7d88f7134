import { ConvzooError, type DeviceReport } from '@convzoo/core'
import { boolean, described, type OptionsOf, oneOf, optional, requireArguments } from '@convzoo/core/define'
import { compileOptions, defineEngine, programKind, RemoteExecutable, serve, WorkerClient } from '@convzoo/core/engine'
import { type HostStart, hostOf } from '../runtime/host.js'
import type { Runtime } from '../runtime/runtime.js'
import { adapterLine, adapterReport, describeAdapter, requestAdapter } from '../webgpu/adapter.js'
import { browsersWithWebgpu } from '../webgpu/hints.js'
import { channel } from './channel.js'

const device = 'webgpu'
const runtimeName = 'TensorFlow.js'
const from = `${runtimeName} on the browser's WebGPU`

/** That of the page or worker: there is one TensorFlow.js in it. */
let runtime: Promise<Runtime> | undefined

/** @throws ConvzooError of kind `engine` if there is no WebGPU. */
function requireWebgpu(): GPU {
  const navigator: { readonly gpu?: GPU } | undefined = Reflect.get(globalThis, 'navigator')
  if (navigator?.gpu !== undefined) return navigator.gpu
  throw new ConvzooError({
    kind: 'engine',
    message: 'This page has no WebGPU, so engine tfjs cannot be used.',
    expected: 'navigator.gpu',
    received: Reflect.get(globalThis, 'isSecureContext') === false ? 'none, in a page that is not secure' : 'none',
    hint: `open the page over https or from localhost, in a browser with WebGPU: ${browsersWithWebgpu}`,
  })
}

async function open(): Promise<Runtime> {
  const gpu = requireWebgpu()
  const { loadOnGpu } = await import('../webgpu/on-gpu.js')
  return loadOnGpu(gpu, "the browser's WebGPU")
}

async function load(): Promise<Runtime> {
  runtime ??= open()
  return runtime.catch((error: unknown) => {
    // Whoever asks next may find what was missing.
    runtime = undefined
    throw error
  })
}

async function report(): Promise<DeviceReport> {
  try {
    const adapter = describeAdapter(await requestAdapter(requireWebgpu()))
    return adapterReport({ adapter, description: `${from}: ${adapterLine(adapter)}`, from })
  } catch (error) {
    if (!ConvzooError.isInstance(error)) throw error
    const { received: reason = error.sentence, hint = '' } = error
    return { device, kind: 'gpu', available: false, description: from, reason, hint }
  }
}

/**
 * The engine on TensorFlow.js in a browser: interprets a program's graphs on the GPU, through WebGPU. It works in the thread that compiles, a
 * page's or a worker's, which waits for the GPU without being blocked.
 *
 * @throws ConvzooError of kind `option` for an unknown option; of kind `engine`, when something is compiled, where there is no WebGPU.
 * @example
 * const trainer = new Trainer({ model, engine: tfjs(), optimizer })
 */
export const tfjs = defineEngine({
  specification: 'engine/v1',
  name: 'tfjs',
  title: 'TensorFlow.js in a browser',
  options: {
    /** `webgpu`, which is all there is. */
    device: described('where it runs', optional(oneOf(device), device)),
    /** Go on where the browser has no GPU and computes on the processor, which is an error otherwise. */
    allowCpu: described('go on where the CPU does the work of a GPU', optional(boolean, false)),
  },
  create: ({ allowCpu }) => ({
    devices: async () => [await report()],
    async compile(program, how = {}) {
      requireArguments('compile of engine tfjs', { program: [programKind, program] })
      compileOptions.parse('compile of engine tfjs', how)
      const { caller, host } = channel()
      serve<HostStart>(host, { runtime: runtimeName, start: async (start) => hostOf(await load(), start) })
      const client = new WorkerClient(caller, runtimeName)
      const state = program.state.map(({ name, shape }) => ({ name, shape }))
      return RemoteExecutable.start({
        client,
        program,
        start: { functions: program.functions, state, allowCpu } satisfies HostStart,
        end: async () => client.fail('it has been disposed of'),
      })
    },
  }),
})

/** What may be said to {@link tfjs}. */
export type TfjsOptions = OptionsOf<typeof tfjs>
