import { ConvzooError } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'
import type { AdapterReport } from './adapter.js'
import { goingOn } from './hints.js'

/** What the device is asked for beyond the standard's defaults: all that the adapter has. AlexNet's largest kernel is larger than the default. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
] as const

/** The feature by which a GPU says when a shader began and ended. */
export const clock = 'timestamp-query'

export function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]]))
  return adapter.requestDevice({ requiredLimits, requiredFeatures: adapter.features.has(clock) ? [clock] : [] })
}

/** Awaits work of a device. */
export type Wait = <T>(work: Promise<T>) => Promise<T>

/** Outermost last. */
const scopes = ['out-of-memory', 'validation', 'internal'] as const
type Scope = (typeof scopes)[number]

/**
 * A device whose errors reach who caused them. WebGPU tells of errors later and elsewhere: work that was refused computes zeros and goes
 * on. So each function runs within error scopes, and what it computed counts only when they are empty.
 */
export class WatchedDevice {
  #lost: GPUDeviceLostInfo | undefined

  constructor(
    readonly device: GPUDevice,
    readonly adapter: AdapterReport,
    /** How results are awaited. */
    readonly wait: Wait = (work) => work,
  ) {
    void device.lost.then((info) => {
      this.#lost = info
    })
  }

  async watch<T>(work: () => Promise<T>): Promise<T> {
    this.#requireDevice()
    for (const scope of scopes) this.device.pushErrorScope(scope)
    // What fails at once fails like what fails later: the scopes are closed in any case.
    const result = (async () => work())()
    const errors = scopes.toReversed().map(async (scope) => [scope, await this.device.popErrorScope()] as const)
    const [done, ...scoped] = await this.wait(Promise.allSettled([result, ...errors]))
    this.#requireDevice()
    const refused = scoped.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    // Memory that is missing makes the work that needs it invalid: the cause is said.
    for (const wanted of scopes) {
      const error = refused.find(([scope, found]) => scope === wanted && found !== null)?.[1]
      if (error != null) throw this.#refusal(wanted, error.message)
    }
    if (done.status === 'fulfilled') return done.value
    throw isMemory(done.reason) ? this.#refusal('out-of-memory', messageOf(done.reason)) : done.reason
  }

  #requireDevice(): void {
    if (this.#lost === undefined) return
    const { reason, message } = this.#lost
    throw new ConvzooError({
      kind: 'engine',
      message: 'The GPU was lost: its driver gave the device up.',
      received: [reason, message].filter((words) => words && words !== 'unknown').join(': ') || 'no reason was given',
      hint: `${goingOn()}; where it is lost again, take smaller batches or a newer driver`,
    })
  }

  #refusal(scope: Scope, message: string): ConvzooError {
    const memory = scope === 'out-of-memory' || isMemory(message)
    const { maxBufferSize, maxStorageBufferBindingSize } = this.adapter.limits
    return new ConvzooError({
      kind: 'engine',
      message: memory ? 'The GPU has no room for this.' : 'The GPU refused work.',
      ...(memory
        ? {
            expected: `tensors of at most ${Math.min(maxBufferSize, maxStorageBufferBindingSize)} bytes that fit its memory together`,
          }
        : {}),
      received: message.split('\n')[0] ?? message,
      ...(memory ? { hint: 'take smaller batches; what was trained stands in the last checkpoint' } : {}),
    })
  }
}

const isMemory = (reason: unknown): boolean =>
  /out of memory|max buffer size|exceeds the max|larger than the maximum|allocation (failed|size)|(could not|failed to) allocate/i.test(
    messageOf(reason),
  )
