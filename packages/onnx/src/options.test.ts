import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

const builder = new GraphBuilder()
builder.output('y', opsFor(builder).constant(1))
const graph = builder.finish('one')

describeOptions('@convzoo/onnx', {
  exports: entry,
  cases: { toOnnx: (unknown) => entry.toOnnx(graph, { ...unknown }) },
  without: { 'takes nothing': ['passingModel'] },
})
