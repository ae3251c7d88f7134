import { describe, expect, it } from 'vitest'
import { balancedOrder } from './order.js'

const labels = [0, 0, 0, 0, 0, 0, 0, 2, 2, 5]
const counted = (order: Uint32Array): number[] =>
  [0, 2, 5].map((label) => Array.from(order).filter((index) => labels[index] === label).length)

describe('a balanced epoch', () => {
  it('has as many samples, and of each class as many as of any other, give or take one', () => {
    const seen = new Set<number>()
    const most: number[] = []
    for (let epoch = 0; epoch < 30; epoch++) {
      const order = balancedOrder(7, epoch, labels)
      expect(order).toHaveLength(10)
      const counts = counted(order)
      expect(counts.toSorted()).toEqual([3, 3, 4])
      most.push(counts.indexOf(4))
      for (const index of order) seen.add(index)
    }
    expect(seen.size).toBe(10)
    expect(new Set(most).size).toBe(3)
  })

  it('takes a sample again when all of its class have come', () => {
    for (let epoch = 0; epoch < 10; epoch++) {
      const order = Array.from(balancedOrder(1, epoch, labels))
      const times = (index: number) => order.filter((each) => each === index).length
      expect(Math.min(times(7), times(8))).toBeGreaterThan(0)
      expect(new Set(order.filter((index) => index < 7)).size).toBe(order.filter((index) => index < 7).length)
    }
  })

  it('follows from seed, epoch and classes, and changes with each', () => {
    const text = (seed: number, epoch: number) => balancedOrder(seed, epoch, labels).join()
    expect(text(1, 2)).toBe(text(1, 2))
    expect(new Set([text(1, 2), text(1, 3), text(2, 2)]).size).toBe(3)
  })
})
