import { compileOptions, defineEngine } from '@convzoo/core/engine'
import { describeEngine } from '@convzoo/plugin-kit'
import { checkedCompile, compileOn } from './compile.js'

/**
 * What a GPU is given, on the CPU: graphs lowered for a GPU, state behind an allocator, which crosses only when it is read or written. All
 * that is not tried here is what the provider computes.
 */
const rehearsal = defineEngine({
  specification: 'engine/v1',
  name: 'rehearsal',
  title: 'ONNX Runtime as on a GPU',
  options: {},
  create: () => ({
    devices: async () => [{ device: 'rehearsal', available: true, description: 'the CPU, as if it were a GPU' }],
    compile: (program, how = {}) => {
      checkedCompile(program, compileOptions.parse('compile', how))
      return compileOn(program, 'the CPU, as if it were a GPU', { device: 'rehearsal', threads: 1 })
    },
  }),
})

describeEngine('onnx as for a GPU, on cpu', { create: () => rehearsal() })
