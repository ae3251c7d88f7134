import { tests } from '../../tools/vitest.js'

export default tests()
