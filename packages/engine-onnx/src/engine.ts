import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'
import { ConvzooError, type DeviceReport, type Engine, type Executable, type Program } from '@convzoo/core'
import { OnnxExecutable } from './executable.js'
import { lower } from './lowering/lower.js'
import { WorkerClient } from './session/worker-client.js'

/** Where graphs run. */
export type OnnxDevice = 'cpu'
export const onnxDevices = ['cpu'] as const satisfies readonly OnnxDevice[]

export interface OnnxOptions {
  /** `cpu` by default. */
  readonly device?: OnnxDevice
  /** Threads that share an operator; as many as the process may use by default. Results depend on it in their last bits. */
  readonly threads?: number
}

/**
 * The engine on ONNX Runtime: a program's functions become ONNX models of standard operators, run by onnxruntime-node in one worker
 * thread, so that the caller is never blocked. The runtime is loaded when something is compiled.
 *
 * @throws ConvzooError of kind `option` for an unknown device or a thread count below 1.
 * @example
 * const trainer = new Trainer({ model, engine: onnx({ device: 'cpu' }), optimizer })
 */
export function onnx({ device = 'cpu', threads = availableParallelism() }: OnnxOptions = {}): Engine {
  requireKnown('device', device, onnxDevices.includes(device), onnxDevices.join(', '))
  requireKnown('threads', threads, Number.isInteger(threads) && threads >= 1, 'a whole number of at least 1')
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  const description = `onnxruntime-node ${runtimeVersion()}, ${device} (${processor}), ${threads} thread${threads === 1 ? '' : 's'}`
  return {
    specification: 'engine/v1',
    name: 'onnx',
    devices: async (): Promise<readonly DeviceReport[]> => [{ device: 'cpu', available: true, description }],
    async compile(program: Program): Promise<Executable> {
      const functions = Object.values(program.functions).map(lower)
      const worker = new WorkerClient()
      try {
        const state = program.state.map(({ name, shape }) => ({ name, shape }))
        await worker.ask({ type: 'start', start: { functions, state, threads } }, 'done')
      } catch (error) {
        await worker.end()
        throw error
      }
      return new OnnxExecutable(description, worker, program, functions)
    },
  }
}

function requireKnown(option: string, received: unknown, fits: boolean, expected: string): void {
  if (fits) return
  throw new ConvzooError({
    kind: 'option',
    message: `The option "${option}" of engine onnx has a value that cannot be used.`,
    expected,
    received: String(received),
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
