import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flatten, functionalModel, input } from '@convzoo/core'
import { afterAll } from 'vitest'
import { describeArguments } from '../../../tools/argument-face.js'
import * as browser from './browser.js'
import * as entry from './index.js'
import * as layers from './layers.js'
import * as layersModel from './layers-model.js'
import * as native from './native.js'

const image = input({ shape: [2, 2, 1] })
const model = functionalModel({ inputs: image, output: flatten()(image) })
async function* read() {}
const folder = mkdtempSync(join(tmpdir(), 'convzoo-arguments-'))
// Any text is a path, and what is written there lies in the folder of the process.
const home = process.cwd()
process.chdir(folder)
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
})

describeArguments('@convzoo/engine-tfjs', {
  exports: entry,
  calls: { tfjs: [{ device: 'cpu', threads: 1, allowCpu: false, gpuMemoryGrowth: true, project: '.' }] },
  optional: ['tfjs'],
})

describeArguments('@convzoo/engine-tfjs/browser', {
  exports: browser,
  calls: { tfjs: [{ device: 'webgpu', allowCpu: false }] },
  optional: ['tfjs'],
})

describeArguments('@convzoo/engine-tfjs/layers', { exports: layers, calls: {} })

describeArguments('@convzoo/engine-tfjs/layers-model', {
  exports: layersModel,
  made: [model],
  calls: {
    requireLayersModel: [model],
    writeLayersModel: [join(folder, 'x'), model, { read }],
    openLayersModel: ['nowhere'],
  },
  absent: ['openLayersModel'],
})

describeArguments('@convzoo/engine-tfjs/native', {
  exports: native,
  calls: {
    inspectCuda: ['nowhere'],
    linkLibtensorflow: [{ source: 'pip', project: 'nowhere', log: () => {} }],
  },
  absent: ['linkLibtensorflow'],
})
