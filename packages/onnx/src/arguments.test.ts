import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

const builder = new GraphBuilder()
builder.output('y', opsFor(builder).constant(1))
const graph = builder.finish('one')

describeArguments('@convzoo/onnx', {
  exports: entry,
  made: [graph],
  calls: { passingModel: [], toOnnx: [graph, { sequence: 'stop' }] },
  optional: ['passingModel'],
  accepts: { toOnnx: { 1: 'nothing' } },
})
