import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { create, identifierOf, titleOf, UserError } from './create.js'

const own = fileURLToPath(new URL('..', import.meta.url))
const root = join(own, '../..')
const run = promisify(execFile)

const place = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-create-')))
afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 9 }))

const answers = (folder: string) => ({
  folder: join(place, folder),
  name: 'squeeze-net2',
  packageName: '@someone/squeeze-net2',
  title: 'SqueezeNet 2',
  author: 'A. Author',
})

describe('create', () => {
  it('makes names of a name', () => {
    expect([identifierOf('my-net'), identifierOf('squeeze-net2'), identifierOf('3d-net')]).toEqual([
      'myNet',
      'squeezeNet2',
      'net3dNet',
    ])
    expect([titleOf('my-net'), titleOf('vgg')]).toEqual(['My Net', 'Vgg'])
  })

  it.each(['MyNet', 'my_net', 'my net', 'my-', ''])('refuses the name "%s" and writes nothing', (name) => {
    expect(() => create({ ...answers('bad-name'), name })).toThrow(UserError)
    expect(existsSync(join(place, 'bad-name'))).toBe(false)
  })

  it.each(['con', 'aux', 'nul', 'com1'])('refuses the name "%s", which no file has on Windows', (name) => {
    expect(() => create({ ...answers('device'), name })).toThrow(/Windows has no files of that name/)
    expect(existsSync(join(place, 'device'))).toBe(false)
  })

  it('refuses a name that no npm package can have', () => {
    expect(() => create({ ...answers('bad-package'), packageName: '@someone/' })).toThrow(/no name for an npm package/)
  })

  it('leaves a folder alone that has something in it', () => {
    mkdirSync(join(place, 'taken'))
    writeFileSync(join(place, 'taken/precious'), 'mine')
    expect(() => create(answers('taken'))).toThrow(/is not empty/)
    expect(existsSync(join(place, 'taken/package.json'))).toBe(false)
  })
})

describe('a new package', () => {
  const folder = join(place, 'squeeze-net2')
  let files: readonly string[] = []

  const tool = (path: string, ...parameters: string[]) =>
    run(process.execPath, [join('node_modules', path), ...parameters], {
      cwd: folder,
      env: { ...process.env, CI: 'true' },
    })

  beforeAll(() => {
    files = create(answers('squeeze-net2'))
    const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    for (const name of Object.keys(devDependencies)) {
      const [found] = [own, root].map((at) => join(at, 'node_modules', name)).filter(existsSync)
      if (found === undefined) throw new Error(`${name} is not installed here.`)
      mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
      symlinkSync(realpathSync(found), join(folder, 'node_modules', name), 'junction')
    }
  })

  it('has its names everywhere and those of the template nowhere', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        '.gitattributes',
        '.gitignore',
        join('.github', 'workflows', 'ci.yml'),
        'README.md',
        'package.json',
        join('src', 'squeeze-net2.ts'),
        join('src', 'squeeze-net2.test.ts'),
      ]),
    )
    for (const file of files) {
      expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(/my-net|myNet|My Net|Your Name/)
    }
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      name: '@someone/squeeze-net2',
      author: 'A. Author',
      convzoo: { 'architecture/v1': ['squeeze-net2'] },
    })
  })

  it('keeps its line ends wherever it is checked out, as lint wants them', () => {
    expect(readFileSync(join(folder, '.gitattributes'), 'utf8')).toBe('* text=auto eol=lf\n')
  })

  it('builds, has sound types and lints', async () => {
    await tool('tsup/dist/cli-default.js')
    await tool('typescript/bin/tsc')
    await tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')
    const program = `import('./dist/index.js').then(({ squeezeNet2 }) => console.log(Object.keys(squeezeNet2.tags).join()))`
    const { stdout } = await run(process.execPath, ['--eval', program], { cwd: folder })
    expect(stdout).toBe('small,wide\n')
  }, 240_000)

  it('passes its conformance tests', async () => {
    const { stdout } = await tool('vitest/vitest.mjs', 'run', '--reporter=json')
    const { numPassedTests, numTotalTests } = JSON.parse(stdout)
    expect(numPassedTests).toBe(numTotalTests)
    expect(numTotalTests).toBeGreaterThan(12)
  }, 240_000)
})
