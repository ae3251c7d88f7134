import { onnx } from '@convzoo/engine-onnx'
import { describeEngine } from '@convzoo/plugin-kit'
import { describe, expect, it } from 'vitest'

describeEngine('onnx on cpu', { create: () => onnx({ device: 'cpu' }) })

describe('onnx', () => {
  it('refuses devices and options that it does not have, and names those that it has', () => {
    const given: object = { device: 'gpu' }
    expect(() => onnx(given)).toThrow(/"device" of engine onnx[\s\S]*"cpu"[\s\S]*"gpu"/)
    const unknown: object = { cores: 4 }
    expect(() => onnx(unknown)).toThrow(/engine onnx has no option "cores"[\s\S]*device, threads/)
    expect(() => onnx({ threads: 0 })).toThrow(/from 1 to/)
  })
})
