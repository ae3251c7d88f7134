import { dense, functionalModel, input } from '@convzoo/core'
import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

const builder = new GraphBuilder()
builder.output('y', opsFor(builder).constant(1))
const graph = builder.finish('one')

const images = input({ shape: [2] })
const model = functionalModel({ inputs: images, output: dense({ units: 1 })(images) })
const read = () => {
  throw new Error('Options are looked at before weights are read.')
}

describeOptions('@convzoo/onnx', {
  exports: entry,
  cases: {
    toOnnx: (unknown) => entry.toOnnx(graph, { ...unknown }),
    writeOnnx: (unknown) => entry.writeOnnx('nowhere/x.onnx', model, { read, ...unknown }),
  },
  without: { 'takes nothing': ['passingModel'], 'takes a path': ['readOnnxMetadata'] },
})
