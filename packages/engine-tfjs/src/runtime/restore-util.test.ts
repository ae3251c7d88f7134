import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { restoreUtil } from './restore-util.js'

it('gives util back what tfjs-node calls on it', () => {
  const util = createRequire(import.meta.url)('util')
  delete util.isNullOrUndefined
  restoreUtil()
  expect([null, undefined, 0, ''].map((value) => util.isNullOrUndefined(value))).toEqual([true, true, false, false])
})
