import { tests } from '../../../tools/vitest.js'

// `pnpm verify:tfjs-node`: the suites that need a native binding; `pnpm verify:webgpu`: those that need WebGPU. No ordinary installation brings either.
export default tests({ include: ['verify/**/*.test.ts'], reporters: ['default'] })
