import { GraphBuilder, opsFor } from '@convzoo/core'
import { describeArguments } from '../../../tools/argument-face.js'
import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

const builder = new GraphBuilder()
builder.output('y', opsFor(builder).constant(1))
const graph = builder.finish('one')

describeOptions('@convzoo/onnx', {
  exports: entry,
  cases: { toOnnx: (unknown) => entry.toOnnx(graph, { ...unknown }) },
  without: {},
})

describeArguments('@convzoo/onnx', {
  exports: entry,
  made: [graph],
  calls: { toOnnx: [graph, { sequence: 'stop' }] },
  accepts: { toOnnx: { 1: 'nothing' } },
})
