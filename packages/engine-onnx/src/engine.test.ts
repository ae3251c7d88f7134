import { isEngineDefinition } from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { describeEngine } from '@convzoo/plugin-kit'
import { describe, expect, it } from 'vitest'

describeEngine('onnx on cpu', { create: () => onnx({ device: 'cpu' }) })

describe('onnx', () => {
  it('says what it is and what each of its options is for', () => {
    expect(isEngineDefinition(onnx)).toBe(true)
    expect([onnx.specification, onnx.name, onnx.title]).toEqual(['engine/v1', 'onnx', 'ONNX Runtime'])
    expect(Object.keys(onnx.options)).toEqual([
      'device',
      'threads',
      'spinning',
      'precision',
      'allowCpu',
      'graphs',
      'profile',
      'project',
    ])
    for (const { description, schema } of Object.values(onnx.options)) {
      expect(description).toMatch(/\w+ /)
      expect(schema).toBeDefined()
    }
  })

  it('refuses devices and options that it does not have, and names those that it has', () => {
    const given: object = { device: 'gpu' }
    expect(() => onnx(given)).toThrow(/"device" of engine onnx[\s\S]*"cpu"[\s\S]*"gpu"/)
    const unknown: object = { cores: 4 }
    expect(() => onnx(unknown)).toThrow(/engine onnx has no option "cores"[\s\S]*device, threads, spinning, precision/)
    expect(() => onnx({ threads: 0 })).toThrow(/from 1 to/)
  })
})
