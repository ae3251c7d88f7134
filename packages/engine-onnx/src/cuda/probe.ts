import { ownFile, runCommand } from '@convzoo/files'
import { silenceTelemetry, telemetry } from '../runtime/telemetry.js'
import type { Need } from './needs.js'
import type { CudaRuntime } from './provider.js'

/** What is tried in a process of its own. */
export interface ProbeQuestion {
  readonly library: string
  readonly preloaded: readonly string[]
  readonly telemetry: boolean
}

/** How far it went. */
export interface ProbeAnswer {
  /** Of the library: `1.30.0`. */
  readonly version?: string
  /** Whether its sessions run on the CPU. */
  readonly cpu?: boolean
  /** Whether they run on a CUDA device. */
  readonly cuda?: boolean
  /** Why it did not go further. */
  readonly failure?: string
}

export interface Probe extends ProbeAnswer {
  /** What ONNX Runtime wrote of libraries that cannot be loaded. */
  readonly complaints: readonly string[]
}

/** Tries a runtime in a process of its own: what crashes there is an answer, too. */
export async function probe({ library }: CudaRuntime, needs: readonly Need[]): Promise<Probe> {
  await silenceTelemetry()
  const question: ProbeQuestion = {
    library,
    preloaded: needs.flatMap(({ found }) => found ?? []),
    telemetry: telemetry().allowed,
  }
  const program = ownFile('onnx-probe.js', { packageName: '@convzoo/engine-onnx', from: import.meta.url })
  const { code, signal, output, errors } = await runCommand(process.execPath, [program, JSON.stringify(question)])
  const ending = `the process that tried it ended with ${signal ?? `code ${code}`}`
  const answer = answerOf(output, ending)
  return { ...answer, complaints: complaintsOf(`${errors}\n${answer.failure ?? ''}`) }
}

function answerOf(output: string, ending: string): ProbeAnswer {
  try {
    return JSON.parse(output.trim().split('\n').at(-1) ?? '')
  } catch {
    return { failure: ending }
  }
}

/**
 * The lines in which ONNX Runtime misses something, without what stands around it:
 *
 *     … Failed to load library … with error: libcublasLt.so.13: cannot open shared object file: No such file or directory
 *     … CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; …
 */
export function complaintsOf(log: string): readonly string[] {
  const said = [...log.matchAll(/(?:with error|CUDA failure \d+): (.+?)(?= ; GPU=|\\n|$)/gm)]
  return [...new Set(said.map(([, what = '']) => what.trim()))]
}

const known = new Map<string, Promise<Probe>>()

/** {@link probe}, once in this process for a library. */
export function probeOnce(runtime: CudaRuntime, needs: readonly Need[]): Promise<Probe> {
  const asked = known.get(runtime.library) ?? probe(runtime, needs)
  known.set(runtime.library, asked)
  return asked
}
