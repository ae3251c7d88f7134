import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '@convzoo/safetensors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunFolder } from './run-folder.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-mean-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const meanImage = { shape: [2, 1, 3], data: Float32Array.of(0, 0.5, 1, 0.1, 0.2, 0.3) } as const

const create = (name: string) => RunFolder.create(join(folder, name), {}, meanImage)

describe('the mean image of a run', () => {
  it('is kept beside the configuration, as a safetensors file', async () => {
    const run = await create('kept')
    const bytes = readFileSync(join(run.path, RunFolder.meanImageFile))
    expect(bytes.subarray(8).toString('latin1')).toContain(
      '{"mean":{"dtype":"F32","shape":[2,1,3],"data_offsets":[0,24]}}',
    )
    await expect(run.readMeanImage('../mean.safetensors')).rejects.toThrow(/no run has[\s\S]*mean-image.safetensors/)
    expect(await (await RunFolder.open(run.path)).readMeanImage(RunFolder.meanImageFile)).toEqual(meanImage)
  })

  it("is in no one's way where a process was killed before it wrote the configuration", async () => {
    const run = await create('killed')
    rmSync(join(run.path, 'config.json'))
    await create('killed')
    expect(existsSync(join(run.path, 'config.json'))).toBe(true)
    await expect(create('killed')).rejects.toThrow(/exists already/)
  })

  it.each([
    ['is gone', (path: string) => rmSync(path), /cannot be read[\s\S]*no such file/],
    ['is cut off', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, -4)), /bytes of data/],
    [
      'is something else',
      (path: string) => tensor(path, 'kernel', [2, 1, 3], meanImage.data),
      /no mean image[\s\S]*received: kernel \(2, 1, 3\)/,
    ],
    ['is flat', (path: string) => tensor(path, 'mean', [6], meanImage.data), /no mean image[\s\S]*mean \(6,\)/],
    [
      'is not finite',
      (path: string) => tensor(path, 'mean', [1, 1, 1], Float32Array.of(Number.NaN)),
      /NaN as element 0 of the tensor mean/,
    ],
  ])('that %s is an error that says so', async (name, damage, message) => {
    const run = await create(name)
    await damage(join(run.path, RunFolder.meanImageFile))
    await expect(run.readMeanImage(RunFolder.meanImageFile)).rejects.toThrow(message)
    await expect(run.readMeanImage(RunFolder.meanImageFile)).rejects.toMatchObject({ kind: 'file' })
  })
})

const tensor = (path: string, name: string, shape: readonly number[], data: Float32Array) =>
  writeSafetensors(path, {
    specs: [{ name, shape }],
    async *read() {
      yield { name, shape, data }
    },
  })
