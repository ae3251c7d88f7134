import { ConvzooError } from '@convzoo/core'
import { ownFile, runCommand } from '@convzoo/files'
import type { LoadedNative, Source } from '../runtime/runtime.js'
import type { AdapterReport } from '../webgpu/adapter.js'
import type { NativePackage } from './packages.js'

/** What TensorFlow did in a process of its own with the kernels of a training step. */
export interface Probe {
  readonly native?: LoadedNative
  readonly adapter?: AdapterReport
  readonly description?: string
  /** Why it could not be loaded or run. */
  readonly failure?: string
  /** What to do about it, where that is known. */
  readonly hint?: string
  /** TensorFlow's own record: operation → `GPU:0` or `CPU:0`. */
  readonly placed: ReadonlyMap<string, string>
  /** What it said about libraries and drivers that it did not find. */
  readonly complaints: readonly string[]
}

/**
 * Loads a package in a process of its own and runs a few kernels there. With its log turned up TensorFlow writes the device
 * that it executes each operation on, which no interface of the binding tells.
 */
export async function probe(source: Source): Promise<Probe> {
  const program = ownFile('tfjs-probe.js', { packageName: '@convzoo/engine-tfjs', from: import.meta.url })
  const loud = { TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'execute=1' }
  const { code, signal, output, errors } = await runCommand(process.execPath, [program, JSON.stringify(source)], loud)
  const ending = code === undefined ? 'it could not be started' : `it ended with ${signal ?? `code ${code}`}`
  return { ...answerOf(output, ending), placed: placements(errors), complaints: complaintsOf(errors) }
}

function answerOf(output: string, ending: string): Omit<Probe, 'placed' | 'complaints'> {
  const line = output.trim().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(line)
  } catch {
    return { failure: ending }
  }
}

/** `Executing op Conv2D in device /job:localhost/replica:0/task:0/device:GPU:0` */
export function placements(log: string): Map<string, string> {
  return new Map(
    [...log.matchAll(/Executing op (\S+) in device \S*device:(\w+:\d+)/g)].map(([, operation = '', device = '']) => [
      operation,
      device,
    ]),
  )
}

/** The lines in which TensorFlow misses something that a GPU needs, without their time stamps. */
export function complaintsOf(log: string): string[] {
  const lines = log
    .split('\n')
    .filter((line) => /could not (load|find)|cannot (dlopen|open)|failed call|no CUDA-capable/i.test(line))
  return [...new Set(lines.map((line) => line.replace(/^.*?\] /, '').trim()))]
}

const known = new Map<string, Promise<Probe>>()

/** {@link probe}, once in this process for a package. */
export function probeOnce(source: Source): Promise<Probe> {
  const key = JSON.stringify(source)
  const asked = known.get(key) ?? probe(source)
  known.set(key, asked)
  return asked
}

/**
 * Where TensorFlow places the work, in one line.
 *
 * @throws ConvzooError of kind `engine` if the package is broken, or if the work is not all on a GPU and that is not allowed.
 */
export async function requirePlacement(
  native: NativePackage,
  { allowCpu }: { readonly allowCpu: boolean },
): Promise<string> {
  const found = await probeOnce(native)
  if (found.failure !== undefined) {
    throw new ConvzooError({
      kind: 'engine',
      message: `${native.name} ${native.version} is installed and does not run.`,
      received: found.failure,
      hint: 'convzoo doctor says what is missing; convzoo doctor --link-libtensorflow pip builds its binding anew',
    })
  }
  const line = placementLine(found)
  if (allowCpu || isOnGpu(found)) return line
  throw new ConvzooError({
    kind: 'engine',
    message: 'A GPU was asked for, and TensorFlow does not place all of the work there.',
    expected: 'every operation of a training step on a GPU',
    received: [line, ...found.complaints.slice(0, 5)].join('; '),
    hint: 'convzoo doctor says which CUDA and cuDNN it wants; --allow-cpu (allowCpu: true) goes on all the same',
  })
}

/** Gives a tensor another shape and computes nothing. */
const idle = 'Reshape'

/** All operations that were recorded and compute something ran on a GPU; without a record, the binding's own word counts. */
export function isOnGpu({ native, placed }: Probe): boolean {
  if (native?.gpu !== true) return false
  return [...placed].every(([operation, device]) => operation === idle || device.startsWith('GPU'))
}

/** `TensorFlow placed Conv2D, MatMul on CPU:0` */
export function placementLine({ native, placed }: Probe): string {
  if (placed.size === 0) return `TensorFlow says that it runs on the ${native?.gpu === true ? 'GPU' : 'CPU'}`
  const devices = [...new Set(placed.values())].sort()
  const on = (device: string) => [...placed].filter(([, where]) => where === device).map(([operation]) => operation)
  return `TensorFlow placed ${devices.map((device) => `${on(device).join(', ')} on ${device}`).join('; ')}`
}
