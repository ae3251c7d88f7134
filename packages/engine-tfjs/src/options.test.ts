import { flatten, functionalModel, input } from '@convzoo/core'
import { createProgram } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { describeOptions } from '../../../tools/option-face.js'
import * as browser from './browser.js'
import * as entry from './index.js'
import * as layers from './layers.js'
import * as layersModel from './layers-model.js'
import * as native from './native.js'

const program = { state: [], functions: {} }
const image = input({ shape: [2, 2, 1] })
const model = functionalModel({ inputs: image, output: flatten()(image) })
async function* read() {}

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

describeOptions('@convzoo/engine-tfjs/browser', {
  exports: browser,
  cases: { tfjs: (unknown) => browser.tfjs({ ...unknown }) },
  without: {},
})

describeOptions('the engine of browsers', {
  exports: { ...browser.tfjs() },
  cases: { compile: (unknown) => browser.tfjs().compile(program, { ...unknown }) },
  without: { 'takes nothing': ['devices'] },
})

describeOptions('@convzoo/engine-tfjs/layers', { exports: layers, cases: {}, without: {} })

describeOptions('@convzoo/engine-tfjs/layers-model', {
  exports: layersModel,
  cases: {
    writeLayersModel: (unknown) => layersModel.writeLayersModel('nowhere', model, { read, ...unknown }),
  },
  without: { 'takes a model': ['requireLayersModel'], 'takes a folder': ['openLayersModel'] },
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
    ['threads', -0],
    ['threads', Number.NaN],
    ['threads', 100_000],
    ['allowCpu', 'yes'],
    ['gpuMemoryGrowth', 1],
    ['project', ''],
    ['profile', ''],
    ['profile', 'of device cpu, which has no clock'],
  ])('"%s" that cannot be used is named: %j', (name, value) => {
    expect(() => entry.tfjs({ [name]: value })).toThrow(`The option "${name}" of engine tfjs`)
  })
})

describe('what tfjs compiles', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 1],
    ['a model', { layers: [], inputs: [] }],
    ['state alone', { state: [] }],
    ['functions that are none', { state: [], functions: { train: {} } }],
    ['the function that makes a program', createProgram],
  ])('is a program, not %s', async (_, given) => {
    await expect(entry.tfjs().compile(given as never)).rejects.toMatchObject({
      name: 'ConvzooError',
      kind: 'option',
      sentence: 'The argument "program" of compile of engine tfjs cannot be used.',
    })
  })
})
