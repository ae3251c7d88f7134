import { describe, expect, it } from 'vitest'
import { prefetch } from './prefetch.js'

/** Makers that say when they begin and end, the first the slowest. */
function makers(count: number, log: string[]): (() => Promise<number>)[] {
  return Array.from({ length: count }, (_, index) => async () => {
    log.push(`begin ${index}`)
    await new Promise((resolve) => setTimeout(resolve, index === 0 ? 30 : 5))
    log.push(`end ${index}`)
    return index
  })
}

async function collect(items: AsyncIterable<{ readonly item: number }>): Promise<number[]> {
  const found: number[] = []
  for await (const { item } of items) found.push(item)
  return found
}

describe('prefetch', () => {
  it('makes one item at a time unless told otherwise', async () => {
    const log: string[] = []
    expect(await collect(prefetch(makers(3, log)))).toEqual([0, 1, 2])
    expect(log).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2'])
  })

  it('makes several at once and still gives them in their order', async () => {
    const log: string[] = []
    expect(await collect(prefetch(makers(6, log), { concurrency: 3 }))).toEqual([0, 1, 2, 3, 4, 5])
    expect(log.slice(0, 3)).toEqual(['begin 0', 'begin 1', 'begin 2'])
    let making = 0
    const most = Math.max(...log.map((line) => (making += line.startsWith('begin') ? 1 : -1)))
    expect(most).toBe(3)
  })

  it('begins nothing more once its reader has stopped', async () => {
    const log: string[] = []
    for await (const { item } of prefetch(makers(20, log), { concurrency: 2 })) if (item === 1) break
    const begun = log.filter((line) => line.startsWith('begin')).length
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(log.filter((line) => line.startsWith('begin')).length).toBe(begun)
    expect(begun).toBeLessThan(6)
  })
})
