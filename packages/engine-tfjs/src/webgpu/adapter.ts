import { ConvzooError, type DeviceReport } from '@convzoo/core'
import { allowingCpu, missingDriver } from './hints.js'

/** What of an adapter's limits a network meets first. Bytes. */
interface AdapterLimits {
  readonly maxBufferSize: number
  readonly maxStorageBufferBindingSize: number
  readonly maxComputeWorkgroupStorageSize: number
}

/** A GPU as its driver describes it. */
export interface AdapterReport {
  readonly name: string
  /** The driver's own words; empty where it has none. */
  readonly driver: string
  /** Whether it computes on the processor, as SwiftShader and llvmpipe do. */
  readonly software: boolean
  readonly limits: AdapterLimits
}

/**
 * The fastest adapter there is.
 *
 * @throws ConvzooError of kind `engine` if there is none.
 */
export async function requestAdapter(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter !== null) return adapter
  throw new ConvzooError({
    kind: 'engine',
    message: 'WebGPU finds no GPU here.',
    received: 'no adapter',
    hint: missingDriver(),
  })
}

const software = /swiftshader|llvmpipe|lavapipe|basic render/i

/** `info` of an adapter. Older runtimes have less of it. */
interface AdapterWords {
  readonly vendor?: string
  readonly architecture?: string
  readonly device?: string
  readonly description?: string
  readonly isFallbackAdapter?: boolean
}

/** What an adapter says of itself. */
export function describeAdapter(adapter: GPUAdapter): AdapterReport {
  const info: AdapterWords | undefined = Reflect.get(adapter, 'info')
  const { vendor = '', architecture = '', device = '', description = '' } = info ?? {}
  const words = [vendor, architecture, device].filter(Boolean).join(' ')
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = adapter.limits
  return {
    name: words || description || 'a GPU without a name',
    driver: description,
    software: info?.isFallbackAdapter === true || software.test(`${words} ${description}`),
    limits: { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize },
  }
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`

/** `nvidia ampere (NVIDIA 550.54), buffers up to 4096 MiB` */
export function adapterLine({ name, driver, limits }: AdapterReport): string {
  const by = driver === '' || driver === name ? '' : ` (${driver})`
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  return `${name}${by}, tensors up to ${mebibytes(most)}`
}

/** Why an adapter is not taken that computes on the processor: it is no GPU, and far slower than the engines that are made for one. */
const onlySoftware = (report: AdapterReport) =>
  ({
    received: `the only adapter computes on the processor, slower than the engines that are made for one: ${adapterLine(report)}`,
    hint: `${missingDriver()}; or go on without a GPU: ${allowingCpu()}`,
  }) as const

/** @throws ConvzooError of kind `engine` if the adapter is a processor's and that is not allowed. */
export function requireGpu(report: AdapterReport | undefined, { allowCpu }: { readonly allowCpu: boolean }): void {
  if (report === undefined || !report.software || allowCpu) return
  throw new ConvzooError({
    kind: 'engine',
    message: 'A GPU was asked for, and WebGPU finds none.',
    expected: 'an adapter of a GPU',
    ...onlySoftware(report),
  })
}

interface FoundAdapter {
  readonly adapter: AdapterReport
  /** What it runs on, where it is taken. */
  readonly description: string
  /** TensorFlow.js, and what brings WebGPU. */
  readonly from: string
}

/** An adapter in a list of devices. */
export function adapterReport({ adapter, description, from }: FoundAdapter): DeviceReport {
  const device = 'webgpu'
  if (!adapter.software) return { device, kind: 'gpu', available: true, description }
  const { received, hint } = onlySoftware(adapter)
  // Never chosen by itself: the processor would do the work, for which other engines are made.
  return {
    device,
    kind: 'fallback',
    available: false,
    description: `${from}: ${adapterLine(adapter)}`,
    reason: received,
    hint,
  }
}
