import { tests } from '../../../tools/vitest.js'

// `pnpm verify:cuda`: the suites that need a library, or a device, which no ordinary installation brings.
export default tests({ include: ['verify/*.test.ts'], reporters: ['default'] })
