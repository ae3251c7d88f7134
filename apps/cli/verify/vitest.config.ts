import { tests } from '../../../tools/vitest.js'

// `pnpm verify:webgpu`: what needs WebGPU, which no ordinary installation brings.
// A GPU in software compiles a shader in a second, and a step has dozens.
const patience = 1_800_000

export default tests({
  include: ['verify/*.test.ts'],
  reporters: ['default'],
  testTimeout: patience,
  hookTimeout: patience,
})
