import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { CompileOptions, Executable } from '@convzoo/core'
import { described, type OptionsOf, oneOf, optional, requireArguments } from '@convzoo/core/define'
import {
  compileOptions,
  defineEngine,
  type Program,
  programKind,
  RemoteExecutable,
  threadCount,
  WorkerClient,
} from '@convzoo/core/engine'
import { ownFile, processors } from '@convzoo/files'
import { toOnnx } from '@convzoo/onnx'
import { reportDevices } from './devices.js'
import { silenceTelemetry } from './runtime/telemetry.js'
import type { WorkerStart } from './session/onnx-worker.js'
import { stopOutput } from './session/stop.js'
import { stopProbe } from './session/stop-probe.js'

/** Where graphs run. */
export const onnxDevices = ['cpu'] as const
export type OnnxDevice = (typeof onnxDevices)[number]

/**
 * The engine on ONNX Runtime: a program's functions become ONNX models of standard operators, run by onnxruntime-node in one worker
 * thread, so that the caller is never blocked. The runtime is loaded when something is compiled, with its reports to its maker switched off
 * unless `ORT_DISABLE_TELEMETRY` in the environment says otherwise.
 *
 * @throws ConvzooError of kind `option` for an unknown option or device, or a thread count that is none.
 * @example
 * const trainer = new Trainer({ model, engine: onnx({ device: 'cpu' }), optimizer })
 */
export const onnx = defineEngine({
  specification: 'engine/v1',
  name: 'onnx',
  title: 'ONNX Runtime',
  options: {
    /** `cpu` by default. */
    device: described('where it runs', optional(oneOf(...onnxDevices), 'cpu')),
    /** Threads that share an operator; as many as the process may use by default, which a container's quota bounds. Results depend on it in their last bits. */
    threads: described('threads that share an operator (all)', optional(threadCount)),
  },
  create({ device, threads = processors().count }) {
    const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
    const description = `onnxruntime-node ${runtimeVersion()}, ${device} (${processor}), ${threads} thread${threads === 1 ? '' : 's'}`
    return {
      devices: () => reportDevices(description),
      compile: (program, how) => compile(program, how, { threads, description }),
    }
  },
})

/** What may be said to {@link onnx}. */
export type OnnxOptions = OptionsOf<typeof onnx>

async function compile(
  program: Program,
  how: CompileOptions = {},
  settings: Pick<WorkerStart, 'threads' | 'description'>,
): Promise<Executable> {
  requireArguments('compile of engine onnx', { program: [programKind, program] })
  compileOptions.parse('compile of engine onnx', how)
  const functions = Object.values(program.functions).map((graph) => toOnnx(graph, { sequence: stopOutput }))
  const state = program.state.map(({ name, shape }) => ({ name, shape }))
  await silenceTelemetry()
  const worker = new Worker(ownFile('onnx-worker.js', { packageName: '@convzoo/engine-onnx', from: import.meta.url }))
  const client = new WorkerClient(worker, 'ONNX Runtime')
  worker.on('error', ({ message }) => client.fail(message))
  worker.on('exit', (code) => client.fail(`the worker thread ended with code ${code}`))
  return RemoteExecutable.start({
    client,
    program,
    start: { functions, probe: stopProbe(), state, ...settings } satisfies WorkerStart,
    end: async () => {
      client.fail('it has been disposed of')
      await worker.terminate()
    },
  })
}

/** The installed runtime's version, read without loading it. */
function runtimeVersion(): string {
  try {
    const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json')
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown'
  } catch {
    return 'not installed'
  }
}
