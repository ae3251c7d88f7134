import { compareDevices, isEngineDefinition } from '@convzoo/core/engine'
import { tfjs } from '@convzoo/engine-tfjs'
import { describeEngine } from '@convzoo/plugin-kit'
import { describe, expect, it } from 'vitest'

describeEngine('tfjs on cpu', { create: () => tfjs({ device: 'cpu' }) })

describe('tfjs', () => {
  it('says what it is and what each of its options is for', () => {
    expect(isEngineDefinition(tfjs)).toBe(true)
    expect([tfjs.specification, tfjs.name, tfjs.title]).toEqual(['engine/v1', 'tfjs', 'TensorFlow.js'])
    expect(Object.keys(tfjs.options)).toEqual([
      'device',
      'threads',
      'allowCpu',
      'gpuMemoryGrowth',
      'profile',
      'project',
    ])
    for (const { description, schema } of Object.values(tfjs.options)) {
      expect(description).toMatch(/\w+ /)
      expect(schema).toBeDefined()
    }
  })

  it('has its GPU chosen before a processor, and pure JavaScript after any', async () => {
    const reports = await tfjs().devices()
    expect(reports.toSorted(compareDevices).map(({ device, kind }) => [device, kind])).toEqual([
      ['cuda', 'gpu'],
      ['webgpu', 'gpu'],
      ['node', 'cpu'],
      ['cpu', 'fallback'],
    ])
  })
})
