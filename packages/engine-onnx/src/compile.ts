import { Worker } from 'node:worker_threads'
import type { CompileOptions, Executable } from '@convzoo/core'
import { requireArguments } from '@convzoo/core/define'
import { compileOptions, type Program, programKind, RemoteExecutable, WorkerClient } from '@convzoo/core/engine'
import { ownFile } from '@convzoo/files'
import { type Layout, toOnnx } from '@convzoo/onnx'
import { silenceTelemetry, telemetry } from './runtime/telemetry.js'
import type { WorkerStart } from './session/onnx-worker.js'
import type { RuntimeChoice } from './session/open-runtime.js'
import { stopOutput } from './session/stop.js'

/** Checks what `compile` was called with, before anything is done. */
export function checkedCompile(program: Program, how: CompileOptions): { readonly log: (line: string) => void } {
  requireArguments('compile of engine onnx', { program: [programKind, program] })
  const { log = () => {} } = compileOptions.parse('compile of engine onnx', how)
  return { log }
}

/** What is said of a runtime before a worker has it. */
type Wanted = RuntimeChoice extends infer Choice ? (Choice extends unknown ? Omit<Choice, 'telemetry'> : never) : never

/** How images lie: tensor cores want channels last; without them cuDNN's fastest ways want channels first. */
function layoutFor(wanted: Wanted): Layout {
  if (wanted.device === 'rehearsal') return wanted.layout ?? 'channelsLast'
  return wanted.device === 'cuda' && wanted.precision === 'tf32' ? 'channelsLast' : 'channelsFirst'
}

/** Compiles a program in a worker thread, for the device that is chosen. */
export async function compileOn(program: Program, description: string, wanted: Wanted): Promise<Executable> {
  const isCpu = wanted.device === 'cpu'
  const ownOperators = wanted.device === 'rehearsal' || (wanted.device === 'cuda' && wanted.kernels !== undefined)
  const layout = layoutFor(wanted)
  const isProfiled = 'profile' in wanted && wanted.profile !== undefined
  const how = isCpu ? { sequence: stopOutput } : ({ target: 'gpu', ownOperators, layout } as const)
  const functions = Object.values(program.functions).map((graph) => toOnnx(graph, { ...how, scopes: isProfiled }))
  const state = program.state.map(({ name, shape }) => ({ name, shape }))
  await silenceTelemetry()
  // On Windows no variable is read; what the C interface can switch off there is switched off.
  const choice = { ...wanted, telemetry: process.platform !== 'win32' && telemetry().allowed }
  const worker = new Worker(ownFile('onnx-worker.js', { packageName: '@convzoo/engine-onnx', from: import.meta.url }))
  const client = new WorkerClient(worker, 'ONNX Runtime')
  worker.on('error', ({ message }) => client.fail(message))
  worker.on('exit', (code) => client.fail(`the worker thread ended with code ${code}`))
  return RemoteExecutable.start({
    client,
    program,
    shared: !isCpu,
    start: { functions, state, description, choice } satisfies WorkerStart,
    end: async () => {
      client.fail('it has been disposed of')
      await worker.terminate()
    },
  })
}
