import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSafetensors } from './read.js'
import { type Storage, storedBytes, valuesOf } from './storage.js'
import { writeSafetensors } from './write.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-storage-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What values are when they were written and are read again. */
async function kept(values: readonly number[], storage: Storage): Promise<readonly number[]> {
  const path = join(folder, `${storage}.safetensors`)
  const data = Float32Array.from(values)
  await writeSafetensors(path, {
    specs: [
      { name: 'plain', shape: [1] },
      { name: 'stored', shape: [values.length], storage },
    ],
    async *read() {
      yield { name: 'plain', shape: [1], data: Float32Array.of(Math.PI) }
      yield { name: 'stored', shape: [values.length], data }
    },
  })
  const file = await openSafetensors(path)
  try {
    expect(file.tensors.map((tensor) => tensor.storage)).toEqual(['float32', storage])
    const tensors: Float32Array[] = []
    for await (const tensor of file.read()) tensors.push(tensor.data)
    expect(tensors[0]?.[0]).toBe(Math.fround(Math.PI))
    return Array.from(tensors[1] ?? [])
  } finally {
    await file.close()
  }
}

describe('tensors of half precision', () => {
  // Ties go to the even neighbour; 1/3 and the extremes are those of IEEE 754 and of bfloat16.
  const halves = [
    [1 / 3, 0.333251953125],
    [1 + 2 ** -11, 1],
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [2 ** -25, 0],
    [2 ** -24, 2 ** -24],
    [-(2 ** -14), -(2 ** -14)],
    [65504, 65504],
    [-1e6, -65504],
  ] as const
  const brains = [
    [1 / 3, 0.333984375],
    [1 + 2 ** -8, 1],
    [1 + 3 * 2 ** -8, 1 + 2 ** -6],
    [3.4e38, 3.3895313892515355e38],
    [-0.5, -0.5],
    [65504, 65536],
  ] as const

  it.each([
    { storage: 'float16', pairs: halves },
    { storage: 'bfloat16', pairs: brains },
  ] as const)('are rounded to the nearest: $storage', async ({ storage, pairs }) => {
    const received = await kept(
      pairs.map(([value]) => value),
      storage,
    )
    expect(received).toEqual(pairs.map(([, wanted]) => wanted))
  })

  it.each(['float16', 'bfloat16'] as const)('come back as they are, all of them: %s', (storage) => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)
    const values = valuesOf(new Uint8Array(all.buffer), storage)
    const finite = all.filter((_, index) => Number.isFinite(values[index]))
    expect(finite.length).toBeGreaterThan(60_000)
    const again = storedBytes(values.filter(Number.isFinite), storage)
    expect(new Uint16Array(again.buffer)).toEqual(finite)
  })

  it('take half of the place', async () => {
    const values = Array.from({ length: 1000 }, (_, index) => index)
    await kept(values, 'float32')
    await kept(values, 'bfloat16')
    const size = (storage: Storage) => statSync(join(folder, `${storage}.safetensors`)).size
    expect(size('float32') - size('bfloat16')).toBe(2000)
  })
})
