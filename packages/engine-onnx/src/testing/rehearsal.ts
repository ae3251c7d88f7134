import { defineEngine } from '@convzoo/core/engine'
import { checkedCompile, compileOn } from '../compile.js'

/**
 * An engine that does what a GPU's does, on the CPU: graphs lowered for a GPU, state behind an allocator, which crosses only when it is read
 * or written. All that it does not try is what a GPU's provider computes.
 *
 * @param library That of onnxruntime-node if none is named.
 */
export function rehearsalOn(library?: string) {
  return defineEngine({
    specification: 'engine/v1',
    name: 'rehearsal',
    title: 'ONNX Runtime as on a GPU',
    options: {},
    create: () => ({
      devices: async () => [{ device: 'rehearsal', available: true, description: 'the CPU, as if it were a GPU' }],
      compile: (program, how = {}) => {
        checkedCompile(program, how)
        const own = library === undefined ? {} : { library }
        return compileOn(program, 'the CPU, as if it were a GPU', { device: 'rehearsal', threads: 1, ...own })
      },
    }),
  })
}
