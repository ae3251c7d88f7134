import { isArrayBuffer } from '@convzoo/core/define'
import { imageDataset } from '@convzoo/data'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/folders.js'
import { SharedMemory } from './shared-memory.js'

describe('memory that threads share', () => {
  it('is used again for batches that are no larger, and is that of one batch at a time', () => {
    const memory = new SharedMemory()
    const first = memory.take(6)
    const second = memory.take(6)
    expect(second.buffer).not.toBe(first.buffer)
    memory.give(first)
    const smaller = memory.take(4)
    expect(smaller.buffer).toBe(first.buffer)
    expect(smaller).toHaveLength(4)
    expect(memory.take(7).buffer.byteLength).toBe(28)
  })
})

describe('a batch', () => {
  const names = ['photograph.png', 'ramp.png']
  const listing = {
    name: 'pixels',
    classes: ['any'],
    images: names.map((name) => ({ path: fixture(`pixels/${name}`), name, label: 0 })),
    refused: [],
  }

  it('is the caller’s own: it stays as it is while others are made, and can be moved to another thread', async () => {
    await using dataset = imageDataset(listing, { imageShape: [12, 10, 3] })
    const first = await dataset.batch([0])
    const before = Float32Array.from(first.images)
    const others = await Promise.all([dataset.batch([1]), dataset.batch([1, 0]), dataset.batch([1])])
    expect(first.images).toEqual(before)
    expect(others[0]?.images).not.toEqual(before)
    expect(others[1]?.images.subarray(before.length)).toEqual(before)
    const { images } = structuredClone(first, { transfer: [first.images.buffer].filter(isArrayBuffer) })
    expect(first.images).toHaveLength(0)
    expect(images).toEqual(before)
    expect((await dataset.batch([0])).images).toEqual(before)
  })
})
