import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NamedTensor } from '@convzoo/core'
import { afterAll, describe, expect, it } from 'vitest'
import { openSafetensorsBlob, safetensorsBlob } from './blob.js'
import { writeSafetensors } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-blobs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const tensors: readonly NamedTensor[] = [
  { name: 'b', shape: [2, 1], data: Float32Array.of(0.1, -3) },
  { name: 'a', shape: [3], data: Float32Array.of(1, 2, 3) },
]
const options = {
  specs: tensors,
  metadata: { step: '7' },
  async *read(names: readonly string[]) {
    for (const name of names) yield* tensors.filter((tensor) => tensor.name === name)
  },
}

describe('a safetensors file in a Blob', () => {
  it('has the bytes of one in a file system', async () => {
    const path = join(folder, 'a.safetensors')
    await writeSafetensors(path, options)
    const blob = await safetensorsBlob(options)
    expect(Buffer.from(await blob.arrayBuffer())).toEqual(readFileSync(path))
  })

  it('gives its tensors and metadata back', async () => {
    const file = await openSafetensorsBlob('picked', await safetensorsBlob(options))
    expect(file.metadata).toEqual({ step: '7' })
    const read: NamedTensor[] = []
    for await (const tensor of file.read(new Set(['b']))) read.push(tensor)
    expect(read).toEqual([tensors[0]])
  })

  it('that was cut off is refused by its name', async () => {
    const blob = await safetensorsBlob(options)
    await expect(openSafetensorsBlob('picked', blob.slice(0, blob.size - 4))).rejects.toMatchObject({
      kind: 'file',
      sentence: 'picked cannot be read.',
      expected: '20 bytes of data, as the header says',
    })
  })
})
