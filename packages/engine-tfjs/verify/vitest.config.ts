import { tests } from '../../../tools/vitest.js'

// `pnpm verify:tfjs-node`: the suites that need a native binding, which no ordinary installation brings.
export default tests({ include: ['verify/*.test.ts'], reporters: ['default'] })
