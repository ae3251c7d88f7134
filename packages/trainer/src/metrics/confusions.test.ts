import { expect, it } from 'vitest'
import { confusions } from './confusions.js'

it('tells which classes are taken for which, those of the most images first', () => {
  const found = confusions([
    [8, 2, 0],
    [1, 9, 0],
    [0, 5, 0],
  ])
  expect(found).toEqual([
    { truth: 2, predicted: 1, count: 5, part: 1 },
    { truth: 0, predicted: 1, count: 2, part: 0.2 },
    { truth: 1, predicted: 0, count: 1, part: 0.1 },
  ])
  expect(
    confusions([
      [3, 0],
      [0, 0],
    ]),
  ).toEqual([])
})
