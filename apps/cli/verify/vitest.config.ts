import { tests } from '../../../tools/vitest.js'

// `pnpm verify:webgpu`: what needs WebGPU, which no ordinary installation brings.
export default tests({ include: ['verify/*.test.ts'], reporters: ['default'] })
