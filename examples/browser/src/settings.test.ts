import { expect, it } from 'vitest'
import { settingsOf } from './settings.js'

it('settings come from the address of the page', () => {
  expect(settingsOf(new URLSearchParams('batch=4&epochs=2&rate=0.001&allow-cpu'))).toEqual({
    side: 67,
    batchSize: 4,
    epochs: 2,
    learningRate: 0.001,
    allowCpu: true,
  })
  expect(settingsOf(new URLSearchParams()).allowCpu).toBe(false)
})
