import { tests } from '../../tools/vitest.js'

// What its tests share is the registry alone, which refuses a second thing of a name; a process for each file costs more than the tests.
export default tests({ isolate: false })
