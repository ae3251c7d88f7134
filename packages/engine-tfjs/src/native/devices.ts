import { cpus } from 'node:os'
import type { DeviceReport } from '@convzoo/core'
import { reportWebgpu } from '../webgpu/report.js'
import { findNative, type NativeDevice, nativePackages, nativeVersion, whyNot } from './packages.js'
import { isOnGpu, placementLine, probeOnce } from './placement.js'

/** What could run here. A native package is loaded in a process of its own to see. */
export async function reportDevices(project: string): Promise<readonly DeviceReport[]> {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  return [
    ...(await Promise.all([reportNative('cuda', project), reportWebgpu(project), reportNative('node', project)])),
    {
      device: 'cpu',
      kind: 'fallback',
      available: true,
      description: `TensorFlow.js in pure JavaScript (${processor})`,
    },
  ]
}

async function reportNative(device: NativeDevice, project: string): Promise<DeviceReport> {
  const found = findNative(device, project)
  const reason = whyNot(device, found, project)
  const kind = device === 'cuda' ? 'gpu' : 'cpu'
  // Where both run, cuDNN's kernels before shaders.
  const preference = device === 'cuda' ? 1 : 0
  const description = `${nativePackages[device]} ${found?.version ?? nativeVersion}`
  if (found === undefined || reason !== undefined) {
    return {
      device,
      kind,
      preference,
      available: false,
      description,
      ...(reason === undefined ? {} : { reason: reason.received, hint: reason.hint }),
    }
  }
  const result = await probeOnce(found)
  if (result.failure !== undefined) {
    return {
      device,
      kind,
      preference,
      available: false,
      description,
      reason: result.failure,
      hint: 'convzoo doctor --link-libtensorflow pip builds its binding anew',
    }
  }
  if (device === 'cuda' && !isOnGpu(result)) {
    return {
      device,
      kind,
      preference,
      available: false,
      description: result.description ?? description,
      reason: [
        result.native?.gpu === true ? placementLine(result) : 'TensorFlow sees no GPU',
        ...result.complaints,
      ].join('; '),
      hint: 'install the CUDA and cuDNN that it wants, or go on without a GPU: --allow-cpu',
    }
  }
  return { device, kind, preference, available: true, description: result.description ?? description }
}
