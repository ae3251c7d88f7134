import { tests } from '../../tools/vitest.js'

// Each test starts the command line several times, on machines that may be busy.
export default tests({ testTimeout: 300_000, hookTimeout: 300_000 })
