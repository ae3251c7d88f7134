import { describe, expect, it } from 'vitest'
import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'
import * as native from './native.js'

const program = { state: [], functions: {} }

describeOptions('@convzoo/engine-tfjs', {
  exports: entry,
  cases: { tfjs: (unknown) => entry.tfjs({ ...unknown }) },
  without: {},
})

describeOptions('its engine', {
  exports: { ...entry.tfjs() },
  cases: { compile: (unknown) => entry.tfjs().compile(program, { ...unknown }) },
  without: { 'takes nothing': ['devices'] },
})

describeOptions('@convzoo/engine-tfjs/native', {
  exports: native,
  cases: { linkLibtensorflow: (unknown) => native.linkLibtensorflow({ source: 'pip', ...unknown }) },
  without: { 'takes a folder': ['inspectCuda'] },
})

describe('an option of tfjs', () => {
  it.each([
    ['device', 'gpu'],
    ['threads', 0],
    ['allowCpu', 'yes'],
    ['gpuMemoryGrowth', 1],
    ['project', ''],
  ])('"%s" that cannot be used is named: %j', (name, value) => {
    expect(() => entry.tfjs({ [name]: value })).toThrow(`The option "${name}" of engine tfjs`)
  })
})
