import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  type CompileOptions,
  compileOptions,
  type DeviceReport,
  defineOptions,
  type Engine,
  type Executable,
  integer,
  oneOf,
  optional,
  type Program,
} from '@convzoo/core'
import { RemoteExecutable, WorkerClient } from '@convzoo/core/worker'
import { ownFile, processors } from '@convzoo/files'
import { reportDevices } from './devices.js'
import { lower } from './lowering/lower.js'
import { stopProbe } from './lowering/stop.js'
import { silenceTelemetry } from './runtime/telemetry.js'
import type { WorkerStart } from './session/onnx-worker.js'

/** Where graphs run. */
export type OnnxDevice = 'cpu'
export const onnxDevices = ['cpu'] as const satisfies readonly OnnxDevice[]

export interface OnnxOptions {
  /** `cpu` by default. */
  readonly device?: OnnxDevice
  /** Threads that share an operator; as many as the process may use by default, which a container's quota bounds. Results depend on it in their last bits. */
  readonly threads?: number
}

const options = defineOptions({
  device: optional(oneOf(...onnxDevices), 'cpu'),
  threads: optional(integer(1)),
})

/**
 * The engine on ONNX Runtime: a program's functions become ONNX models of standard operators, run by onnxruntime-node in one worker
 * thread, so that the caller is never blocked. The runtime is loaded when something is compiled, with its reports to its maker switched off
 * unless `ORT_DISABLE_TELEMETRY` in the environment says otherwise.
 *
 * @throws ConvzooError of kind `option` for an unknown option or device, or a thread count below 1.
 * @example
 * const trainer = new Trainer({ model, engine: onnx({ device: 'cpu' }), optimizer })
 */
export function onnx(given: OnnxOptions = {}): Engine {
  const { device, threads = processors().count } = options.parse('engine onnx', given)
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  const description = `onnxruntime-node ${runtimeVersion()}, ${device} (${processor}), ${threads} thread${threads === 1 ? '' : 's'}`
  return {
    specification: 'engine/v1',
    name: 'onnx',
    devices: (): Promise<readonly DeviceReport[]> => reportDevices(description),
    async compile(program: Program, how: CompileOptions = {}): Promise<Executable> {
      compileOptions.parse('compile of engine onnx', how)
      const functions = Object.values(program.functions).map(lower)
      const state = program.state.map(({ name, shape }) => ({ name, shape }))
      await silenceTelemetry()
      const worker = new Worker(
        ownFile('onnx-worker.js', { packageName: '@convzoo/engine-onnx', from: import.meta.url }),
      )
      const client = new WorkerClient(worker, 'ONNX Runtime')
      worker.on('error', ({ message }) => client.fail(message))
      worker.on('exit', (code) => client.fail(`the worker thread ended with code ${code}`))
      return RemoteExecutable.start({
        client,
        program,
        start: { functions, probe: stopProbe(), state, threads, description } satisfies WorkerStart,
        end: async () => {
          client.fail('it has been disposed of')
          await worker.terminate()
        },
      })
    },
  }
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
