import { expect, it } from 'vitest'
import { captionOf } from './draw-mistakes.js'

it('writes below a mistake its class, the other one and its probability', () => {
  const mistake = { truth: 1, predicted: 0, probability: 0.8314 }
  expect(captionOf(mistake, ['cat', 'dog'])).toEqual(['is dog', 'seen as cat, 83.1 %'])
  expect(captionOf(mistake, ['an extraordinary animal', 'dog'])[1]).toBe('seen as an extraordina…, 83.1 %')
})
