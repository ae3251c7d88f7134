import { ConvzooError, zeros } from '@convzoo/core'
import { GraphBuilder, opsFor, type Program } from '@convzoo/core/engine'
import { tfjs } from '@convzoo/engine-tfjs'
import { describe, expect, it } from 'vitest'
import { describeAdapter, requestAdapter } from '../../src/webgpu/adapter.js'
import { requestDevice, WatchedDevice } from '../../src/webgpu/device.js'
import { openGpu } from '../../src/webgpu/gpu.js'
import { requireWebgpu } from '../../src/webgpu/package.js'
import { project } from '../project.js'

/** `huge` makes 80 GB of one number; `double` changes a state tensor. */
function program(): Program {
  const huge = new GraphBuilder()
  const ops = opsFor(huge)
  const x = huge.input('x', { shape: [], dtype: 'float32' })
  huge.output('y', ops.sum(ops.exp(ops.broadcastTo(x, [100_000, 200_000]))))
  huge.assign('w', ops.add(huge.state('w', { shape: [2], dtype: 'float32' }), 1))
  const double = new GraphBuilder()
  const w = double.state('w', { shape: [2], dtype: 'float32' })
  const twice = opsFor(double).multiply(w, 2)
  double.assign('w', twice)
  double.output('w', twice)
  return {
    state: [{ name: 'w', shape: [2], dtype: 'float32', role: 'weight', initializer: zeros }],
    functions: { huge: huge.finish('huge'), double: double.finish('double') },
  }
}

describe('a GPU', () => {
  it('without room says so, commits nothing, and goes on', async () => {
    const executable = await tfjs({ device: 'webgpu', project, allowCpu: true }).compile(program())
    await executable.writeState([{ name: 'w', shape: [2], data: Float32Array.of(1, 2) }])
    await expect(executable.run('huge', { x: 1 })).rejects.toMatchObject({
      kind: 'engine',
      sentence: 'The GPU has no room for this.',
      expected: expect.stringMatching(/at most \d+ bytes/),
      hint: expect.stringContaining('smaller batches'),
    })
    expect(await executable.run('double', {})).toEqual({ w: Float32Array.of(2, 4) })
    await executable.dispose()
  })

  it('that is a processor is refused without allowCpu', async () => {
    const reports = await tfjs({ project }).devices()
    const report = reports.find(({ device }) => device === 'webgpu')
    const compiled = tfjs({ device: 'webgpu', project }).compile(program())
    if (report?.available === true) {
      expect(report.kind).toBe('gpu')
      await (await compiled).dispose()
    } else {
      expect(report).toMatchObject({ kind: 'fallback', hint: expect.stringContaining('--allow-cpu') })
      await expect(compiled).rejects.toMatchObject({
        kind: 'engine',
        sentence: 'A GPU was asked for, and WebGPU finds none.',
      })
    }
  })

  it('that is lost says so, in the work that waits and in all that comes', async () => {
    const { gpu } = await openGpu(requireWebgpu(project))
    const adapter = await requestAdapter(gpu)
    const device = new WatchedDevice(await requestDevice(adapter), describeAdapter(adapter))
    expect(await device.watch(async () => 1)).toBe(1)
    const buffer = device.device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
    const lost = { kind: 'engine', sentence: 'The GPU was lost: its driver gave the device up.' }
    const waiting = device.watch(async () => {
      const mapped = buffer.mapAsync(GPUMapMode.READ)
      device.device.destroy()
      await mapped
    })
    await expect(waiting).rejects.toMatchObject({ ...lost, hint: expect.stringContaining('--resume') })
    const later = await device.watch(async () => 2).catch((error: unknown) => error)
    expect(ConvzooError.isInstance(later) && later.sentence).toBe(lost.sentence)
  })
})
