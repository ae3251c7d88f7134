import { tests } from './vitest.js'

// The rules share the trees of the sources: to parse them costs more than the tests.
export default tests({ include: ['rules/**/*.test.ts'], isolate: false })
