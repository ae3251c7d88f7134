import { onnx } from '@convzoo/engine-onnx'
import { expect, it } from 'vitest'

it('reports the CPU as what can be used, and the others with what to do', async () => {
  const reports = await onnx({ threads: 2 }).devices()
  expect(reports.map(({ device, kind, preference }) => [device, kind, preference])).toEqual([
    ['cpu', 'cpu', 1],
    ['webgpu', 'gpu', -1],
    ['cuda', 'gpu', 1],
  ])
  const [cpu, webgpu, cuda] = reports
  expect(cpu?.description).toMatch(/^onnxruntime-node \d+\.\d+\.\d+, cpu \(.+\), 2 threads$/)
  expect([cpu?.available, webgpu?.available]).toEqual([true, false])
  if (cuda?.available !== true) for (const said of [cuda?.reason, cuda?.hint]) expect(said).toMatch(/\w/)
})
