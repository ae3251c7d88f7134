import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openPyTorch } from './read.js'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}.pth`, import.meta.url))

async function readAll(
  name: string,
): Promise<Record<string, { readonly shape: readonly number[]; readonly data: number[] }>> {
  const file = await openPyTorch(fixture(name))
  try {
    const tensors: Record<string, { readonly shape: readonly number[]; readonly data: number[] }> = {}
    for await (const { name: tensor, shape, data } of file.read()) tensors[tensor] = { shape, data: Array.from(data) }
    return tensors
  } finally {
    await file.close()
  }
}

/** What `numbers` of write_fixtures.py gives, at these places. */
const at = (...places: readonly number[]): number[] => places.map((place) => (place - 5) / 4)
const upTo = (count: number): number[] => at(...Array.from({ length: count }, (_, place) => place))

const plain = {
  'features.0.weight': { shape: [2, 3, 2, 2], data: upTo(24) },
  'features.0.bias': { shape: [2], data: upTo(2) },
  scalar: { shape: [], data: [2.5] },
}

describe('files that PyTorch wrote', () => {
  it.each(['plain', 'wrapped', 'protocol 3', 'protocol 4', 'protocol 5', 'big endian'])(
    'give their tensors: %s',
    async (name) => {
      const tensors = await readAll(name)
      expect(Object.keys(tensors)).toEqual(Object.keys(plain))
      expect(tensors).toEqual(plain)
    },
  )

  it('give parameters as tensors', async () => {
    expect(await readAll('parameters')).toEqual({
      a: { shape: [2, 2], data: upTo(4) },
      b: { shape: [2, 2], data: upTo(4) },
    })
  })

  it('are read row-major whatever their strides and offsets', async () => {
    expect(await readAll('strided')).toEqual({
      transposed: { shape: [3, 2], data: at(0, 3, 1, 4, 2, 5) },
      permuted: { shape: [2, 2, 3], data: at(0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11) },
      tail: { shape: [2, 4], data: at(4, 5, 6, 7, 8, 9, 10, 11) },
      column: { shape: [3], data: at(2, 6, 10) },
      'every second': { shape: [4], data: at(1, 3, 5, 7) },
      empty: { shape: [0, 3], data: [] },
    })
  })

  it.each(['types', 'deflated'])('become float32 of whatever type they are: %s', async (name) => {
    const integers = { shape: [3], data: [0, 1, 100] }
    const floats = { shape: [2, 3], data: upTo(6) }
    expect(await readAll(name)).toEqual({
      float64: floats,
      float16: floats,
      bfloat16: floats,
      float32: floats,
      int64: integers,
      int32: integers,
      int16: integers,
      int8: integers,
      uint8: integers,
      bool: { shape: [3], data: [0, 1, 1] },
    })
  })

  it('keep the extremes of half precision', async () => {
    const { half } = await readAll('halves')
    expect(half?.data).toEqual([65504, 2 ** -24, -(2 ** -14), 0.333251953125])
  })

  it('tell names, shapes and types before they are read, and give those that are asked for', async () => {
    const file = await openPyTorch(fixture('types'))
    try {
      expect(file.tensors[1]).toEqual({ name: 'float16', shape: [2, 3], elements: 'float16' })
      const names: string[] = []
      for await (const { name } of file.read(new Set(['bool', 'int8']))) names.push(name)
      expect(names).toEqual(['int8', 'bool'])
    } finally {
      await file.close()
    }
  })

  it.each([
    ['infinite', 'Infinity as element 1 of the tensor a'],
    ['large integer', 'the tensor a: the whole number 16777217'],
    ['complex', 'torch.ComplexFloatStorage'],
    ['module', 'torch.nn.modules.linear.Linear'],
    ['expanded', 'a tensor of 1000000 elements'],
    ['empty', 'a dict without tensors'],
    ['before 1.6', 'PyTorch before 1.6'],
    ['script', 'a TorchScript program'],
  ])('are refused by name where they hold what is no float32 tensor: %s', async (name, received) => {
    await expect(readAll(name)).rejects.toMatchObject({
      name: 'ConvzooError',
      kind: 'file',
      message: expect.stringContaining(`${name}.pth`),
      received: expect.stringContaining(received),
      hint: expect.stringMatching(/./),
    })
  })

  it('are regular files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'convzoo-pytorch-'))
    try {
      mkdirSync(join(folder, 'a.pth'))
      await expect(openPyTorch(join(folder, 'a.pth'))).rejects.toMatchObject({
        kind: 'file',
        received: 'a folder, not a file',
      })
      await expect(openPyTorch(join(folder, 'b.pth'))).rejects.toMatchObject({
        kind: 'file',
        received: expect.stringContaining('no such file'),
      })
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
    }
  })
})
