import type { DeviceReport } from '@convzoo/core'
import { probeOnce } from '../native/placement.js'
import { adapterReport } from './adapter.js'
import { findWebgpu, gpuPackage, noWebgpu } from './package.js'

const device = 'webgpu'

/** What WebGPU finds here. It is loaded in a process of its own, which a broken driver may take down. */
export async function reportWebgpu(project: string): Promise<DeviceReport> {
  const source = findWebgpu(project)
  const from = source === undefined ? gpuPackage : `${gpuPackage} ${source.installed?.version ?? 'of the runtime'}`
  const none = { device, kind: 'gpu', available: false, description: `TensorFlow.js on ${from}` } as const
  if (source === undefined) {
    const { received, hint } = noWebgpu(project)
    return { ...none, reason: received, hint }
  }
  const {
    adapter,
    description = none.description,
    failure = 'it told nothing of an adapter',
    hint,
    complaints,
  } = await probeOnce(source)
  if (adapter === undefined) {
    return { ...none, reason: [failure, ...complaints].join('; '), ...(hint === undefined ? {} : { hint }) }
  }
  return adapterReport({ adapter, description, from: none.description })
}
