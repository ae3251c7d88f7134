import { describe, expect, it } from 'vitest'
import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

const program = { state: [], functions: {} }

describeOptions('@convzoo/engine-onnx', {
  exports: entry,
  cases: { onnx: (unknown) => entry.onnx({ ...unknown }) },
  without: { 'takes nothing': ['telemetry'] },
})

describeOptions('its engine', {
  exports: { ...entry.onnx() },
  cases: { compile: (unknown) => entry.onnx().compile(program, { ...unknown }) },
  without: { 'takes nothing': ['devices'] },
})

describe('an option of onnx', () => {
  it.each([
    ['device', 'gpu'],
    ['threads', 0],
    ['threads', 1.5],
    ['threads', '2'],
  ])('"%s" that cannot be used is named: %j', (name, value) => {
    expect(() => entry.onnx({ [name]: value })).toThrow(`The option "${name}" of engine onnx`)
  })
})
