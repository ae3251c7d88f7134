import { createProgram } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { describeOptions } from '../../../tools/option-face.js'
import * as cuda from './cuda.js'
import * as entry from './index.js'
import * as model from './model.js'

const program = { state: [], functions: {} }

describeOptions('@convzoo/engine-onnx', {
  exports: entry,
  cases: { onnx: (unknown) => entry.onnx({ ...unknown }) },
  without: { 'takes nothing': ['telemetry'] },
})

describeOptions('@convzoo/engine-onnx/cuda', {
  exports: cuda,
  cases: { linkOnnxruntime: (unknown) => cuda.linkOnnxruntime({ source: 'nowhere.whl', ...unknown }) },
  without: { 'takes a folder': ['examineCuda'] },
})

describeOptions('@convzoo/engine-onnx/model', {
  exports: model,
  cases: { openOnnxModel: (unknown) => model.openOnnxModel('nowhere.onnx', { ...unknown }) },
  without: {},
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
    ['threads', -0],
    ['threads', Number.NaN],
    ['threads', 100_000],
    ['threads', 1.5],
    ['threads', '2'],
    ['spinning', 'no'],
    ['precision', 'float16'],
    ['allowCpu', 'yes'],
    ['profile', 1],
    ['project', 1],
  ])('"%s" that cannot be used is named: %j', (name, value) => {
    expect(() => entry.onnx({ [name]: value })).toThrow(`The option "${name}" of engine onnx`)
  })
})

describe('what onnx compiles', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 1],
    ['a model', { layers: [], inputs: [] }],
    ['state alone', { state: [] }],
    ['functions that are none', { state: [], functions: { train: {} } }],
    ['the function that makes a program', createProgram],
  ])('is a program, not %s', async (_, given) => {
    await expect(entry.onnx().compile(given as never)).rejects.toMatchObject({
      name: 'ConvzooError',
      kind: 'option',
      sentence: 'The argument "program" of compile of engine onnx cannot be used.',
    })
  })
})
