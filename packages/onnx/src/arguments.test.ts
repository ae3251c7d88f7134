import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, functionalModel, input, type NamedTensor } from '@convzoo/core'
import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { afterAll } from 'vitest'
import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

const builder = new GraphBuilder()
builder.output('y', opsFor(builder).constant(1))
const graph = builder.finish('one')

const images = input({ shape: [2] })
const model = functionalModel({ inputs: images, output: dense({ units: 1 })(images) })
async function* read(names: readonly string[]): AsyncGenerator<NamedTensor> {
  for (const name of names) yield { name, shape: [], data: new Float32Array(name === 'dense/kernel' ? 2 : 1) }
}
const folder = mkdtempSync(join(tmpdir(), 'convzoo-arguments-'))
// Any text is a path, and what is written there lies in the folder of the process.
const home = process.cwd()
process.chdir(folder)
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
})

describeArguments('@convzoo/onnx', {
  exports: entry,
  made: [graph, model],
  calls: {
    passingModel: [],
    readOnnxMetadata: [join(folder, 'none.onnx')],
    toOnnx: [graph, { sequence: 'stop' }],
    writeOnnx: [join(folder, 'x.onnx'), model, { read }],
  },
  absent: ['readOnnxMetadata'],
  optional: ['passingModel'],
  accepts: { toOnnx: { 1: 'nothing' } },
})
