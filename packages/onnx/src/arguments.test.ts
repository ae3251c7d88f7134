import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

const builder = new GraphBuilder()
builder.output('y', opsFor(builder).constant(1))
const graph = builder.finish('one')

describeArguments('@convzoo/onnx', {
  exports: entry,
  made: [graph],
  calls: { toOnnx: [graph, { sequence: 'stop' }] },
  accepts: { toOnnx: { 1: 'nothing' } },
})
