import { ConvzooError, type DeviceReport } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'
import { examineCuda } from './cuda/examine.js'
import { silenceTelemetry } from './runtime/telemetry.js'
import { runtimeVersion } from './runtime/version.js'
import { openCpu } from './session/open-cpu.js'

/** Before other engines on a processor: it trains about 1.1 times as fast there as TensorFlow's kernels (`bench/engines`). */
const rank = { kind: 'cpu', preference: 1 } as const

/**
 * What ONNX Runtime has here: the CPU, CUDA where its provider runs, and WebGPU, for which no program is compiled.
 *
 * @param description What the CPU is, in one line.
 * @param project The folder in whose node_modules a linked CUDA provider is looked for.
 */
export async function reportDevices(description: string, project: string): Promise<readonly DeviceReport[]> {
  await silenceTelemetry()
  const opened = await openCpu().catch(whyNot)
  if ('reason' in opened) return [{ device: 'cpu', ...rank, available: false, description, ...opened }]
  return [
    { device: 'cpu', ...rank, available: true, description },
    {
      device: 'webgpu',
      kind: 'gpu',
      // After an engine that could run there, if it had what it needs.
      preference: -1,
      available: false,
      description: `ONNX Runtime's WebGPU provider, for ${runtimeVersion()}`,
      reason: 'engine onnx does not run programs on webgpu',
      hint: 'use engine tfjs, which does (npm install @convzoo/engine-tfjs webgpu): --engine tfjs --device webgpu; or the device cpu',
    },
    await reportCuda(project),
  ]
}

async function reportCuda(project: string): Promise<DeviceReport> {
  const { usable, runtime, probe, cuda, reason, hint } = await examineCuda(project)
  // Before TensorFlow's of 2022, whose kernels are for the GPUs of its time.
  const common = { device: 'cuda', kind: 'gpu', preference: 1 } as const
  if (usable !== undefined) return { ...common, available: true, description: usable.description }
  const built = cuda === undefined ? '' : `, for CUDA ${cuda}`
  const description =
    runtime === undefined
      ? `ONNX Runtime's CUDA provider, for ${runtimeVersion()}`
      : `ONNX Runtime ${probe?.version ?? ''}${built}, in ${runtime.folder}`
  return { ...common, available: false, description, reason, hint }
}

function whyNot(error: unknown): { readonly reason: string; readonly hint?: string } {
  if (!ConvzooError.isInstance(error)) return { reason: messageOf(error) }
  const { received = error.sentence, hint } = error
  return { reason: received, ...(hint === undefined ? {} : { hint }) }
}
