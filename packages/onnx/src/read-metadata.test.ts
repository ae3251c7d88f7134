import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, functionalModel, input, type NamedTensor } from '@convzoo/core'
import { readOnnxMetadata, writeOnnx } from '@convzoo/onnx'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-metadata-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const images = input({ shape: [2] })
const model = functionalModel({ inputs: images, output: dense({ units: 1 })(images) })
async function* read(names: readonly string[]): AsyncGenerator<NamedTensor> {
  for (const name of names) yield { name, shape: [], data: new Float32Array(name === 'dense/kernel' ? 2 : 1) }
}

describe('what stands in a model beside its graph', () => {
  it('is what was written there', async () => {
    const metadata = { classes: '["rose","tulip"]', network: 'nin.notebook', ['__proto__']: 'a key' }
    for (const externalData of [false, true]) {
      const path = join(folder, `${externalData}.onnx`)
      await writeOnnx(path, model, { read, metadata, externalData })
      expect(Object.entries(await readOnnxMetadata(path))).toEqual(Object.entries(metadata))
    }
  })

  it('is nothing where nothing was written', async () => {
    const path = join(folder, 'plain.onnx')
    await writeOnnx(path, model, { read })
    expect(await readOnnxMetadata(path)).toEqual({})
  })

  it.each([
    ['a text', Buffer.from('This is no model.')],
    ['a message that ends too early', Buffer.of(0x3a, 0xff, 0xff, 0x03, 1)],
    ['an entry that is none', Buffer.of(0x72, 2, 0xff, 0xff)],
  ])('is refused in words where the file is no model: %s', async (name, bytes) => {
    const path = join(folder, `${name}.onnx`)
    writeFileSync(path, bytes)
    await expect(readOnnxMetadata(path)).rejects.toMatchObject({ kind: 'file', message: expect.stringContaining(name) })
  })
})
