import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NamedTensor } from '@convzoo/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSafetensors } from './read.js'
import { writeSafetensors } from './write.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-safetensors-'))
  path = join(folder, 'some.safetensors')
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** A file with a header as it is written here, and so many bytes of data. */
function write(header: string | Buffer, dataBytes = 0): void {
  const json = Buffer.from(header)
  const start = Buffer.alloc(8)
  start.writeBigUInt64LE(BigInt(json.length))
  writeFileSync(path, Buffer.concat([start, json, Buffer.alloc(dataBytes)]))
}

async function readAll(): Promise<NamedTensor[]> {
  const file = await openSafetensors(path)
  try {
    const tensors: NamedTensor[] = []
    for await (const tensor of file.read()) tensors.push(tensor)
    return tensors
  } finally {
    await file.close()
  }
}

const tensor = (shape: string, offsets: string, dtype = 'F32'): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`

describe('openSafetensors', () => {
  it.each([
    ['two tensors of one name', `{"a":${tensor('[1]', '[0,4]')},"a":${tensor('[1]', '[0,4]')}}`, 4, 'has a twice'],
    ['one name in two spellings', `{"a":${tensor('[1]', '[0,4]')},"\\u0061" :${tensor('[1]', '[0,4]')}}`, 4, 'a twice'],
    ['two shapes of a tensor', '{"a":{"dtype":"F32","shape":[9],"shape":[1],"data_offsets":[0,4]}}', 4, 'shape twice'],
    ['two metadata of one name', '{"__metadata__":{"a":"1","a":"2"}}', 0, 'has a twice'],
    ['metadata within metadata', '{"__metadata__":{"a":{"b":"1"}}}', 0, 'whose a is no text'],
    ['a number among the metadata', '{"__metadata__":{"a":1}}', 0, 'whose a is no text'],
    ['metadata that are none', '{"__metadata__":null}', 0, 'metadata that are no object'],
    ['a list', '[]', 0, 'a header that is no object'],
    ['nothing', '', 0, 'a header that is not JSON'],
    ['deep nesting', '['.repeat(100_000), 0, 'nested more than 64 deep'],
    ['deep nesting in objects', '{"a":'.repeat(100_000), 0, 'nested more than 64 deep'],
    ['bytes that are no text', Buffer.from('{"a\xff":{}}', 'latin1'), 0, 'not UTF-8'],
    ['a shape whose product is rounded', `{"a":${tensor('[94906267,94906267,2,0.5]', '[0,4]')}}`, 4, 'without a shape'],
    ['a shape beyond exact numbers', `{"a":${tensor('[9007199254740991,3]', '[0,4]')}}`, 4, 'of shape'],
    ['a shape that overflows', `{"a":${tensor(`[${Array(40).fill('4294967296').join()}]`, '[0,4]')}}`, 4, 'of shape'],
    ['a shape that does not fill its place', `{"a":${tensor('[2]', '[0,4]')}}`, 4, 'of shape (2,) in 4 bytes'],
    ['a negative length', `{"a":${tensor('[-1]', '[0,4]')}}`, 4, 'without a shape'],
    ['three offsets', `{"a":${tensor('[1]', '[0,4,8]')}}`, 4, 'without a shape or a place'],
    ['a gap', `{"a":${tensor('[1]', '[4,8]')}}`, 8, 'starts at byte 4 instead of 0'],
    [
      'tensors over each other',
      `{"a":${tensor('[2]', '[0,8]')},"b":${tensor('[2]', '[4,12]')}}`,
      12,
      'b starts at byte 4',
    ],
    ['data of no tensor', `{"a":${tensor('[1]', '[0,4]')}}`, 8, '8 bytes of data'],
    ['half precision in four bytes', `{"a":${tensor('[1]', '[0,4]', 'F16')}}`, 4, '4 bytes'],
    ['whole numbers', `{"a":${tensor('[1]', '[0,4]', 'I32')}}`, 4, 'the tensor a of type I32'],
    ['double precision', `{"a":${tensor('[1]', '[0,8]', 'F64')}}`, 8, 'the tensor a of type F64'],
  ])('refuses %s and names the file', async (_, header, dataBytes, received) => {
    write(header, dataBytes)
    await expect(openSafetensors(path)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(path),
      received: expect.stringContaining(received),
    })
  })

  it('reads tensors without elements, in whatever order they are listed', async () => {
    write(`{"b":${tensor('[2]', '[0,8]')},"a":${tensor('[3,0]', '[0,0]')},"c":${tensor('[0]', '[8,8]')}}`, 8)
    expect((await readAll()).map(({ name, data }) => [name, data.length])).toEqual([
      ['b', 2],
      ['a', 0],
      ['c', 0],
    ])
  })

  it('keeps names such as __proto__', async () => {
    write(`{"__metadata__":{"__proto__":"x"},"__proto__":${tensor('[1]', '[0,4]')}}`, 4)
    const file = await openSafetensors(path)
    await file.close()
    expect([Object.keys(file.metadata), file.tensors.map(({ name }) => name)]).toEqual([['__proto__'], ['__proto__']])
  })

  it.each([
    ['nested', '['.repeat(5e7)],
    ['of many names', `{${Array.from({ length: 3e6 }, (_, index) => `"${index}":0`).join()}}`],
  ])('refuses a header of tens of megabytes, %s, without reading it', async (_, header) => {
    write(header)
    const before = process.memoryUsage().rss
    await expect(openSafetensors(path)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(path),
      received: expect.stringMatching(/^a header of \d{8} bytes in a file of \d{8}$/),
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 24)
  })

  it.each([
    ['a folder', () => mkdirSync(path), 'a folder'],
    ['nothing', () => undefined, 'no such file'],
  ])('refuses %s and names it', (_, make, received) => refusesAndNames(make, received))

  it.skipIf(process.platform === 'win32')('refuses a pipe and names it (Windows has no such files)', () =>
    refusesAndNames(() => void spawnSync('mkfifo', [path]), 'a pipe'),
  )

  async function refusesAndNames(make: () => void, received: string) {
    make()
    await expect(openSafetensors(path)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(path),
      received: expect.stringContaining(received),
    })
  }

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %s, and says where',
    async (value) => {
      await writeSafetensors(path, {
        specs: [
          { name: 'a', shape: [1] },
          { name: 'b/kernel', shape: [2, 2] },
        ],
        async *read() {
          yield { name: 'a', shape: [1], data: Float32Array.of(1) }
          yield { name: 'b/kernel', shape: [2, 2], data: Float32Array.of(1, 2, 3, value) }
        },
      })
      await expect(readAll()).rejects.toMatchObject({
        kind: 'file',
        message: expect.stringContaining(path),
        received: `${value} as element 3 of the tensor b/kernel`,
      })
    },
  )
})

describe('writeSafetensors', () => {
  it('refuses to write a header that could not be read again', async () => {
    const metadata = { classes: 'x'.repeat(2 ** 22) }
    const writing = writeSafetensors(path, { specs: [], read: async function* () {}, metadata })
    await expect(writing).rejects.toMatchObject({ kind: 'file', received: expect.stringMatching(/^\d+ bytes$/) })
    expect(() => readFileSync(path)).toThrow('ENOENT')
  })
})
