import { defineEngine } from '@convzoo/core/engine'
import { checkedCompile, compileOn } from '../compile.js'
import type { RehearsalChoice } from '../session/open-runtime.js'

/**
 * An engine that does what a GPU's does, on the CPU: graphs lowered for a GPU, state behind an allocator, which crosses only when it is read
 * or written. All that it does not try is what a GPU's provider computes.
 *
 * @param how `library` is that of onnxruntime-node if none is named; `layout` is how images lie, channels last by default.
 */
export function rehearsalOn(how: Pick<RehearsalChoice, 'library' | 'layout'> = {}) {
  return defineEngine({
    specification: 'engine/v1',
    name: 'rehearsal',
    title: 'ONNX Runtime as on a GPU',
    options: {},
    create: () => ({
      devices: async () => [{ device: 'rehearsal', available: true, description: 'the CPU, as if it were a GPU' }],
      compile: (program, options = {}) => {
        checkedCompile(program, options)
        return compileOn(program, 'the CPU, as if it were a GPU', { device: 'rehearsal', threads: 1, ...how })
      },
    }),
  })
}
