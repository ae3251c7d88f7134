import { expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { input, leakyRelu } from './index.js'

it('leakyRelu keeps a part of what is negative', () => {
  const images = input({ shape: [3] })
  const model = functionalModel({ inputs: images, output: leakyRelu({ negativeSlope: 0.5 })(images) })
  expect(forward(model, 1, [-4, 0, 3])).toEqual([-2, 0, 3])
  expect(model.layers.at(-1)?.name).toBe('leaky_re_lu')
})

it('leakyRelu refuses a negative slope', () => {
  expect(errorOf(() => leakyRelu({ negativeSlope: -0.1 }))).toMatchObject({
    kind: 'option',
    expected: 'a finite number of at least 0',
    received: '-0.1',
  })
})
