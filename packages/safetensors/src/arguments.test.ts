import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { describeArguments } from '../../../tools/argument-face.js'
import * as blobs from './blob.js'
import * as entry from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-arguments-'))
// Any text is a path, and what is written there lies in the folder of the process.
const home = process.cwd()
process.chdir(folder)
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
})

const tensor = { name: 'a', shape: [1], data: Float32Array.of(1) }

describeArguments('@convzoo/safetensors', {
  exports: entry,
  made: [tensor],
  calls: {
    openPyTorch: [join(folder, 'nothing.pth')],
    openSafetensors: [join(folder, 'nothing.safetensors')],
    writeSafetensors: [join(folder, 'a.safetensors'), { specs: [], read: async function* () {}, metadata: {} }],
    metadataOnceWritten: ['a', [], {}],
    isTensor: [tensor],
    notFiniteIn: [tensor],
  },
  anything: ['isTensor'],
  absent: ['openPyTorch', 'openSafetensors'],
})

describeArguments('@convzoo/safetensors/blob', {
  exports: blobs,
  made: [tensor],
  calls: {
    openSafetensorsBlob: ['nothing.safetensors', new Blob(['nothing'])],
    safetensorsBlob: [{ specs: [], read: async function* () {}, metadata: {} }],
    metadataOnceWritten: ['a', [], {}],
    isTensor: [tensor],
    notFiniteIn: [tensor],
  },
  anything: ['isTensor'],
  absent: ['openSafetensorsBlob'],
})
