import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsOf } from './testing/convzoo.js'
import { pathsOf, picturesIn } from './testing/photographs.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The programs of the README that need nothing but `convzoo`, in their order. */
const programs = [...textOf('README.md').matchAll(/^```js\n(.*?)^```$/gms)].map(([, program = '']) => program)
const [folder = '', heads = ''] = programs
const [, served = ''] = /^```js\n(.*?)^```$/ms.exec(textOf('packages/serve/README.md')) ?? []

const project = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-readme-')))
afterAll(() => rmSync(project, { recursive: true, force: true, maxRetries: 9 }))

function link(name: string, target: string): void {
  const place = join(project, 'node_modules', name)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(join(root, target), place, 'junction')
}

/** What came of the first program, whose run the others read. */
let trained: ReturnType<typeof run>

/** What a user has who followed the README: the packages, photographs by class, a picture from a holiday, and the run of its first program. */
beforeAll(async () => {
  const example = 'node_modules/@convzoo-examples/googlenet'
  const dependencies = { convzoo: '*', '@convzoo-examples/googlenet': '*' }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ dependencies }))
  link('convzoo', 'apps/cli')
  link('@convzoo/core', 'packages/core')
  mkdirSync(join(project, example), { recursive: true })
  cpSync(join(root, 'examples/googlenet/package.json'), join(project, example, 'package.json'))
  await build({
    entryPoints: [join(root, 'examples/googlenet/src/index.ts')],
    outfile: join(project, example, 'dist/index.js'),
    bundle: true,
    format: 'esm',
    packages: 'external',
  })
  await picturesIn(join(project, 'flowers'), pathsOf(['rose', 'tulip']))
  await picturesIn(project, ['holiday.jpg'])
  trained = run('folder.mjs', folder)
})

function run(name: string, program: string) {
  writeFileSync(join(project, name), program)
  return spawnSync(process.execPath, [name], { cwd: project, encoding: 'utf8' })
}

const linesOf = (program: string): number => program.split('\n').length - 1

describe('a program of the README', () => {
  it('trains on a folder, stops early, opens the run again and predicts, in 12 lines', () => {
    expect(linesOf(folder)).toBe(12)
    const { status, stdout, stderr } = trained
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/^holiday\.jpg \{ class: '(?:rose|tulip)', probability: 0\.\d+ \}\n$/)
    const epochs = metricsOf(join(project, 'runs/flowers')).filter(({ type }) => type === 'epoch')
    expect(epochs.length).toBeGreaterThan(3)
    expect(epochs.length).toBeLessThan(90)
  })

  it('serves the run and asks what a photograph is, in 10 lines', () => {
    expect(linesOf(served)).toBe(10)
    const { status, stdout, stderr } = run('served.mjs', served)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ \[ 'rose', 'tulip' \]\n(?:rose|tulip) 0\.\d+\n$/)
  })

  it('trains GoogLeNet with heads, averages and micro-batches, in 8 lines', () => {
    expect(linesOf(heads)).toBe(8)
    const { status, stdout, stderr } = run('heads.mjs', heads)
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/^(?:0|0\.5|1)\n$/)
  })

  it.each(['packages/run/README.md', 'docs/beside-keras-and-timm.md'])('stands in %s as it stands there', (path) => {
    expect(programs).toHaveLength(2)
    const text = textOf(path)
    for (const program of programs) expect(text).toContain(`\`\`\`js\n${program}\`\`\``)
  })
})
