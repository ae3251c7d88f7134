import { ConvzooError, type DeviceReport } from '@convzoo/core'
import { silenceTelemetry } from './runtime/telemetry.js'
import { unloadable } from './runtime/unloadable.js'

/** Before other engines on a processor: it trains about 1.1 times as fast there as TensorFlow's kernels (`bench/engines`). */
const rank = { kind: 'cpu', preference: 1 } as const

/**
 * What ONNX Runtime has here, and what of it this engine uses: the CPU. Its other providers are reported as the runtime lists them, and
 * as not available, since no program is compiled for them.
 *
 * @param description What the CPU is, in one line.
 */
export async function reportDevices(description: string): Promise<readonly DeviceReport[]> {
  let providers: readonly { readonly name: string; readonly bundled: boolean }[]
  try {
    await silenceTelemetry()
    const { listSupportedBackends } = await import('onnxruntime-node')
    providers = listSupportedBackends()
  } catch (error) {
    return [{ device: 'cpu', ...rank, available: false, description, ...whyNot(error) }]
  }
  const unused = (device: string, hint: string): DeviceReport => {
    const bundled = providers.find(({ name }) => name === device)?.bundled
    const found = bundled === undefined ? 'not known to it' : bundled ? 'in the package' : 'not installed'
    return {
      device,
      kind: 'gpu',
      // After an engine that could run there, if it had what it needs.
      preference: -1,
      available: false,
      description: `ONNX Runtime's provider is ${found}`,
      reason: `engine onnx does not run programs on ${device}`,
      hint,
    }
  }
  return [
    { device: 'cpu', ...rank, available: true, description },
    unused('webgpu', 'use the device cpu'),
    unused('cuda', 'use engine tfjs: npm install @convzoo/engine-tfjs @tensorflow/tfjs-node-gpu'),
  ]
}

function whyNot(error: unknown): { readonly reason: string; readonly hint?: string } {
  if (!ConvzooError.isInstance(error)) return unloadable(error)
  const { sentence, received, hint } = error
  return { reason: `${sentence} ${received ?? ''}`.trim(), ...(hint === undefined ? {} : { hint }) }
}
