import { tests } from '../../../tools/vitest.js'

// `pnpm verify:tfjs-node`: the suites that need a native binding; `pnpm verify:webgpu`: those that need WebGPU. No ordinary
// installation brings either. A GPU in software compiles a shader in a second, and a step has dozens.
const patience = 1_800_000

export default tests({
  include: ['verify/**/*.test.ts'],
  reporters: ['default'],
  testTimeout: patience,
  hookTimeout: patience,
})
