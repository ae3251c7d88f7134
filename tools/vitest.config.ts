import { tests } from './vitest.js'

export default tests({ include: ['rules/**/*.test.ts'] })
