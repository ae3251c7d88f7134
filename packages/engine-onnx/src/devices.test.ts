import { onnx } from '@convzoo/engine-onnx'
import { expect, it } from 'vitest'

it('reports the CPU as what can be used, and the other providers with what to do instead', async () => {
  const reports = await onnx({ threads: 2 }).devices()
  expect(reports.map(({ device, available }) => [device, available])).toEqual([
    ['cpu', true],
    ['webgpu', false],
    ['cuda', false],
  ])
  expect(reports.map(({ kind, preference }) => [kind, preference])).toEqual([
    ['cpu', 1],
    ['gpu', -1],
    ['gpu', -1],
  ])
  expect(reports[0]?.description).toMatch(/^onnxruntime-node \d+\.\d+\.\d+, cpu \(.+\), 2 threads$/)
  // onnxruntime-node 1.30.0 has WebGPU in its package and fetches CUDA, which this installation does not.
  expect(reports.slice(1).map(({ description }) => description)).toEqual([
    "ONNX Runtime's provider is in the package",
    "ONNX Runtime's provider is not installed",
  ])
  for (const { hint } of reports.slice(1)) expect(hint).toMatch(/use/)
})
