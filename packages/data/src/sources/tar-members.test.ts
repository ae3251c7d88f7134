import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tar from 'tar-stream'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from '../testing/folders.js'
import { tarMembers } from './tar-members.js'

const folder = temporaryFolder(afterAll)
let count = 0

const archive = (bytes: Uint8Array): string => {
  const path = join(folder, `${count++}.tar`)
  writeFileSync(path, bytes)
  return path
}

async function membersOf(path: string) {
  const members: { name: string; type: string; size: number; contents: string }[] = []
  for await (const member of tarMembers(path)) {
    const { name, type, size, offset } = member
    const contents = (await member.read()).toString('utf8')
    if (type === 'file')
      expect(
        readFileSync(path)
          .subarray(offset, offset + size)
          .toString(),
      ).toBe(contents)
    members.push({ name, type, size, contents })
  }
  return members
}

/** A header as the format has it, with a sum that is right; `size` is written in octal unless it is a field of its own. */
function header(name: string, size: number | Buffer, flag = '0', magic = 'ustar\u000000'): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0, 100)
  block.write('0000644\0', 100)
  if (typeof size === 'number') block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else size.copy(block, 124)
  block.write('00000000000\0', 136)
  block.write('        ', 148)
  block.write(flag, 156)
  block.write(magic, 257, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

const filled = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text)
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}
const end = Buffer.alloc(1024)
const gnu = 'ustar  \0'

describe('the members of a tar', () => {
  const long = `${'folder-of-a-long-name/'.repeat(20)}x.txt`

  it.runIf(process.platform === 'linux').each(['gnu', 'ustar', 'pax', 'v7'])(
    'are those that GNU tar packs as %s',
    async (format) => {
      const root = join(folder, format)
      const short = 'a/é.txt'
      const nested = `${'b'.repeat(60)}/${'c'.repeat(60)}/x.txt`
      const names =
        { gnu: [short, nested, long], pax: [short, nested, long], ustar: [short, nested], v7: [short] }[format] ?? []
      writeFiles(root, Object.fromEntries(names.map((name) => [name, `contents of ${name}`])))
      symlinkSync('/etc/passwd', join(root, 'a', 'link'))
      mkdirSync(join(root, 'a', 'sub'))
      const path = join(folder, `${format}.tar`)
      execFileSync('tar', [`--format=${format}`, '-C', root, '-cf', path, '.'])
      const members = await membersOf(path)
      const files = members.filter(({ type }) => type === 'file').map(({ name, contents }) => [name, contents])
      expect(files.sort()).toEqual(names.map((name) => [`./${name}`, `contents of ${name}`]).sort())
      expect(members.filter(({ type }) => type === 'symlink').map(({ name }) => name)).toEqual(['./a/link'])
      expect(members.find(({ name }) => name === './a/sub/')?.type).toBe('directory')
    },
  )

  it('are those that tar-stream packs', async () => {
    const pack = tar.pack()
    for (const name of ['1.txt', long]) pack.entry({ name }, `contents of ${name}`)
    pack.finalize()
    const parts: Uint8Array[] = []
    for await (const part of pack) if (part instanceof Uint8Array) parts.push(part)
    const members = await membersOf(archive(Buffer.concat(parts)))
    expect(members.map(({ name, contents }) => [name, contents])).toEqual(
      ['1.txt', long].map((name) => [name, `contents of ${name}`]),
    )
  })

  it('go on after the zeros between archives that were put one behind the other', async () => {
    const one = Buffer.concat([header('1', 1), filled('a'), Buffer.alloc(10_240)])
    const two = Buffer.concat([header('2', 1), filled('b'), end])
    expect((await membersOf(archive(Buffer.concat([one, two])))).map(({ contents }) => contents)).toEqual(['a', 'b'])
  })

  it('end where zeros go on', async () => {
    const path = archive(Buffer.concat([header('1', 1), filled('a')]))
    truncateSync(path, 2 ** 36)
    let members = 0
    for await (const _ of tarMembers(path)) members++
    expect(members).toBe(1)
    rmSync(path)
  })

  const eightExabytes = Buffer.from([0x80, 0, 0, 0, 0x7f, 255, 255, 255, 255, 255, 255, 255])
  const paxSize = (size: string): Buffer => {
    const record = ` size=${size}\n`
    return filled(`${record.length + 2}${record}`)
  }
  const damages: readonly (readonly [string, () => Buffer, RegExp])[] = [
    ['a size of 8 EB', () => header('big.jpg', eightExabytes), /big\.jpg should have 9223372036854776000 bytes/],
    ['a size below nothing', () => header('x', Buffer.alloc(12, 0xff)), /without a size/],
    ['a size that is no number', () => header('x', Buffer.from('not a number')), /without a size/],
    [
      'a size in an attribute of 8 EB',
      () => Buffer.concat([header('p', 29, 'x'), paxSize('9223372036854775807'), header('x', 1), filled('a')]),
      /should have/,
    ],
    [
      'a name of 10 MB',
      () =>
        Buffer.concat([
          header('././@LongLink', 10 * 2 ** 20, 'L', gnu),
          Buffer.alloc(10 * 2 ** 20, 'a'),
          header('x', 1),
          filled('a'),
        ]),
      /a name in 10485760 bytes/,
    ],
    [
      'a name of 10 MB in attributes',
      () => Buffer.concat([header('p', 10 * 2 ** 20, 'x'), Buffer.alloc(10 * 2 ** 20, 'a'), header('x', 1)]),
      /a name in 10485760 bytes/,
    ],
    [
      'a name of 5000 characters in attributes',
      () =>
        Buffer.concat([header('p', 5011, 'x'), filled(`5011 path=${'a'.repeat(5000)}\n`), header('x', 1), filled('a')]),
      /a name of 5000 characters/,
    ],
    ['a wrong sum', () => Buffer.concat([Buffer.from('no tar at all'), Buffer.alloc(1000)]), /checksum/],
    [
      'an end within a header',
      () => Buffer.concat([header('1', 1), filled('a'), header('2', 1).subarray(0, 100)]),
      /ends within a header/,
    ],
    [
      'an end within a member',
      () => Buffer.concat([header('1', 1), filled('a'), header('2', 600), filled('b')]),
      /2 should have 600 bytes, of which 512 are there/,
    ],
  ]
  it.each(damages)('end with a reason at %s', async (_, bytes, reason) => {
    await expect(membersOf(archive(bytes()))).rejects.toThrow(reason)
  })

  it.each([
    '0 path=a\n',
    '-5 path=a\n',
    ' path=a\n',
    '999 path=a\n',
    '9999999999999999999999 path=a\n',
    '1 ',
    '2 x',
    'x',
  ])('are called as their headers say where attributes make no sense: %j', async (attributes) => {
    const bytes = [header('p', attributes.length + 1, 'x'), filled(`${attributes} `), header('x', 1), filled('a'), end]
    expect((await membersOf(archive(Buffer.concat(bytes)))).map(({ name }) => name)).toEqual(['x'])
  })

  it('may be many, but not hollow', async () => {
    const path = archive(Buffer.alloc(0))
    const block = Buffer.concat(Array.from({ length: 1024 }, (_, index) => header(`${index}.jpg`, 0)))
    for (let index = 0; index < 129; index++) appendFileSync(path, block)
    const all = async (): Promise<number> => {
      let members = 0
      for await (const _ of tarMembers(path)) members++
      return members
    }
    await expect(all()).rejects.toMatchObject({
      kind: 'file',
      sentence: `${path} has more members than can be meant.`,
    })
    rmSync(path)
  })
})
