import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from '../testing/folders.js'
import { imageFolder } from './image-folder.js'
import { Walked, walkImages } from './walk.js'

const folder = temporaryFolder(afterAll)
const posix = process.platform !== 'win32'

/** What is found below a folder, and what is refused. */
function visit(root: string, walked?: Walked) {
  const images: string[] = []
  const refused: [string, string][] = []
  const visitor = {
    image: (_: string, name: string) => images.push(name),
    refused: (name: string, reason: string) => refused.push([name, reason]),
    foreign: () => undefined,
  }
  walkImages(root, 'root', visitor, walked)
  return { images, refused }
}

describe.runIf(posix)('links between folders', () => {
  it('end, however many paths they make: each folder is visited once, and the others are named', () => {
    const root = join(folder, 'many-paths')
    const level = (index: number): string => join(root, `level-${String(index).padStart(2, '0')}`)
    for (let index = 0; index < 24; index++) writeFiles(level(index), { 'x.jpg': 'x' })
    for (let index = 0; index < 23; index++) {
      for (const name of ['left', 'right']) symlinkSync(level(index + 1), join(level(index), name))
    }
    const { images, refused } = visit(level(0))
    expect(images).toHaveLength(24)
    expect(refused).toHaveLength(23)
    expect(refused.at(-1)).toEqual(['root/right/', 'visited already, as root/left/'])
  })

  it('that lead to the system are refused, those that leave the folder are not', () => {
    const elsewhere = join(folder, 'elsewhere')
    writeFiles(elsewhere, { '1.jpg': 'x' })
    const root = join(folder, 'leaving')
    mkdirSync(root)
    symlinkSync(elsewhere, join(root, 'photographs'))
    const systems = ['/proc/self', '/sys', '/dev', '/proc/self/root/proc'].filter(
      (path) => process.platform === 'linux' || path === '/dev',
    )
    for (const [index, path] of systems.entries()) symlinkSync(path, join(root, `system-${index}`))
    const { images, refused } = visit(root)
    expect(images).toEqual(['root/photographs/1.jpg'])
    expect(refused).toEqual(
      systems.map((_, index) => [`root/system-${index}/`, 'a folder of the system, which holds no files']),
    )
  })

  it('make no second class of a folder that is one', async () => {
    const root = join(folder, 'two-classes')
    writeFiles(root, { 'cat/1.jpg': 'x', 'dog/2.jpg': 'x' })
    symlinkSync(join(root, 'cat'), join(root, 'kitten'))
    const { train } = await imageFolder(root, { validationSplit: 0 })
    expect(train.classes).toEqual(['cat', 'dog'])
    expect(train.refused[0]).toEqual({ name: 'kitten/', reason: 'visited already, as cat/' })
  })

  it('and folders without a picture are said to be folders', async () => {
    const root = join(folder, 'no-pictures')
    writeFiles(root, { 'cat/1.jpg': 'x', 'dog/2.jpg': 'x', 'bird/.hidden': 'x', 'labels.csv': 'x' })
    const { notes } = await imageFolder(root, { validationSplit: 0 })
    expect(notes).toContain('no picture can be read in the folder of a class: bird/')
    expect(notes).toContain('1 file is no picture and left out: labels.csv')
  })
})

describe.runIf(process.platform === 'linux')('names that are not UTF-8', () => {
  it('are refused with what is wrong, not taken for links', () => {
    const root = join(folder, 'latin')
    writeFiles(root, { 'dog/1.jpg': 'x' })
    mkdirSync(Buffer.from(`${root}/caf\u00e9`, 'latin1'))
    expect(visit(root).refused).toEqual([
      ['root/caf\ufffd', expect.stringMatching(/^a name that is not UTF-8: rename/)],
    ])
  })
})

describe('what lies in a folder', () => {
  it('is named in one form, whatever the disk has', () => {
    const root = join(folder, 'forms')
    writeFiles(root, { 'e\u0301te\u0301/1.jpg': 'x' })
    expect(visit(root).images).toEqual(['root/\u00e9t\u00e9/1.jpg'])
  })

  it.runIf(posix)('is refused at once where it is no file: a pipe, a socket, a device, a link to itself', async () => {
    const root = join(folder, 'no-files')
    mkdirSync(root)
    execFileSync('mkfifo', [join(root, 'a-pipe.jpg')])
    const server = createServer().listen(join(root, 'b-socket.jpg'))
    await new Promise((resolve) => server.once('listening', resolve))
    symlinkSync('/dev/zero', join(root, 'c-device.jpg'))
    symlinkSync(join(root, 'd-itself.jpg'), join(root, 'd-itself.jpg'))
    writeFileSync(join(root, 'e.jpg'), 'x')
    const { images, refused } = visit(root)
    server.close()
    expect(images).toEqual(['root/e.jpg'])
    expect(refused.map(([name]) => name)).toEqual(
      ['a-pipe', 'b-socket', 'c-device', 'd-itself'].map((name) => `root/${name}.jpg`),
    )
  })

  it('is bounded in number, over all that is walked of a source', () => {
    const walked = new Walked()
    walked.count(9_999_999, 'a')
    const root = join(folder, 'two-more')
    writeFiles(root, { '1.jpg': 'x', '2.jpg': 'x' })
    expect(() => visit(root, walked)).toThrow(/more files than can be meant: 10000000 files/)
  })

  it('may be twenty thousand files', () => {
    const root = join(folder, 'many')
    mkdirSync(root)
    for (let index = 0; index < 20_000; index++) writeFileSync(join(root, `${index}.jpg`), '')
    expect(visit(root).images).toHaveLength(20_000)
  })
})
