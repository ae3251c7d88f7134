import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { toOnnx } from '@convzoo/onnx'
import { afterEach, describe, expect, it } from 'vitest'
import { HostKernels } from '../kernels/host-kernels.js'
import { BoundRuntime } from '../session/bound-runtime.js'
import { loadKoffi } from './koffi.js'
import { npmLibrary } from './npm-library.js'
import type { Kernel, Kernels } from './operator-domain.js'
import { OrtApi } from './ort-api.js'

const api = await OrtApi.load(npmLibrary())
const host = new HostKernels(await loadKoffi())

const cleanup: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const release of cleanup.splice(0).toReversed()) await release()
})

/** A weight that loses a tenth in each step, by an operator of our own. */
async function opened(around: (kernel: Kernel) => Kernel, copier: Kernels['copier'] = host.copier) {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const weight = builder.state('weight', { shape: [3], dtype: 'float32' })
  builder.assign('weight', ops.subtract(weight, ops.multiply(weight, 0.1)))
  builder.output('largest', ops.max(weight))
  const lowered = toOnnx(builder.finish('step'), { target: 'gpu', ownOperators: true })
  const kernels: Kernels = {
    provider: undefined,
    copier,
    kernelOf: (operator) => around(host.kernelOf(operator)),
    pin() {},
    release() {},
  }
  const runtime = new BoundRuntime(api, { threads: 1, telemetry: false, onDevice: true, kernels })
  cleanup.push(() => runtime.release())
  const session = await runtime.session(lowered)
  cleanup.push(() => session.release())
  const [current, next] = [runtime.place([3]), runtime.place([3])]
  cleanup.push(async () => {
    for (const place of [current, next]) place.release()
  })
  current.write(Float32Array.of(1, 2, 3))
  const [state] = lowered.states
  const [assignment] = lowered.assignments
  const [output] = lowered.outputs
  return async () => {
    await session.run({
      feeds: new Map(),
      states: new Map([[state?.tensor ?? '', current]]),
      next: new Map([[assignment?.tensor ?? '', next]]),
      outputs: new Map([[output?.tensor ?? '', new Float32Array(1)]]),
    })
    return [...next.read()].map((value) => Math.round(value * 1e4) / 1e4)
  }
}

describe('an operator that ONNX has not', () => {
  it('is computed by whoever brings it', async () => {
    const run = await opened((kernel) => kernel)
    expect(await run()).toEqual([0.9, 1.8, 2.7])
  })

  it('fails with its own reason, and may succeed the next time', async () => {
    let fails = true
    const run = await opened((kernel) => (call) => {
      if (fails) throw new Error('the device is on fire')
      kernel(call)
    })
    await expect(run()).rejects.toThrow('the device is on fire')
    fails = false
    expect(await run()).toEqual([0.9, 1.8, 2.7])
  })

  it('runs anew each time where its runs cannot be recorded', async () => {
    const tries: string[] = []
    const fails = (): void => {
      tries.push('recorded')
      throw new Error('this cannot be recorded')
    }
    const run = await opened((kernel) => kernel, { ...host.copier, fromDevice: fails })
    expect([await run(), await run()]).toEqual([
      [0.9, 1.8, 2.7],
      [0.9, 1.8, 2.7],
    ])
    expect(tries).toEqual(['recorded'])
  })
})
