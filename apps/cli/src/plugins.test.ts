import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { knownArchitectures } from '@convzoo/run/plugins'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const packages = fileURLToPath(new URL('../../../packages', import.meta.url))

const entry = `
  import { dense, flatten, register } from '@convzoo/core'
  register({
    specification: 'architecture/v1',
    package: { name: 'convzoo-tiny', version: '3.2.1' },
    name: 'tiny',
    title: 'A tiny network',
    paper: { title: 'Tiny', authors: ['A. Author'], year: 2000, url: 'https://example.org/' },
    tags: {
      only: {
        defaults: { input: [4, 4, 1], classes: 3 },
        preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
        build: ({ input, classes }) => dense({ units: classes, activation: 'softmax' })(flatten()(input)),
      },
    },
    deprecated: { 'tiny.old': 'tiny.only' },
  })
`

const engine = `
  export const quick = (options) => ({
    specification: 'engine/v1',
    name: 'quick',
    devices: async () => [],
    compile: async () => {
      throw new Error('quick was asked to compile, with ' + JSON.stringify(options))
    },
  })
`

/** One of each thing that is chosen by name. */
const chosen = `
  import { defineCallback, defineDataset, defineLoss, defineOptimizer, integer, text } from '@convzoo/core/define'
  export const lion = defineOptimizer({
    specification: 'optimizer/v1', name: 'lion', title: 'The sign', learningRate: 1e-4, options: {},
    rule: () => ({ update: ({ weight }) => ({ weight, slots: {} }) }),
  })
  export const focal = defineLoss({
    specification: 'loss/v1', name: 'focal', title: 'Focal', options: {}, losses: ({ ops, output }) => ops.sum(output, { axes: [1] }),
  })
  export const shapes = defineDataset({
    specification: 'dataset/v1', name: 'shapes', title: 'Shapes', options: { count: integer(1) }, load: () => ({}),
  })
  export const csvLog = defineCallback({
    specification: 'callback/v1', name: 'csvLog', title: 'CSV', options: { path: text }, create: ({ path }) => { throw new Error('csvLog was asked to write ' + path) },
  })
`

const contracts = {
  'optimizer/v1': ['lion'],
  'loss/v1': ['focal', 'lost'],
  'dataset/v1': ['shapes'],
  'callback/v1': ['csvLog'],
}

const project = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-cli-plugins-')))
afterAll(() => rmSync(project, { recursive: true, force: true, maxRetries: 9 }))

function write(path: string, content: string | object): void {
  const file = join(project, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}

/** Installs a package that provides an architecture, without its entry. */
function install(place: string, version: string, architecture: string): void {
  const manifest = {
    name: basename(place),
    version,
    type: 'module',
    exports: './main.js',
    convzoo: { 'architecture/v1': [architecture] },
  }
  write(`${place}/package.json`, manifest)
}

beforeAll(() => {
  write('package.json', {
    dependencies: {
      'convzoo-tiny': '*',
      'convzoo-broken': '*',
      'convzoo-quick': '*',
      '@convzoo/core': '*',
      'convzoo-chosen': '*',
    },
  })
  install('node_modules/convzoo-tiny', '3.2.1', 'tiny')
  write('node_modules/convzoo-tiny/main.js', entry)
  install('node_modules/convzoo-broken', '0.0.1', 'broken')
  write('node_modules/convzoo-broken/main.js', 'throw new Error("it has a bug")')
  const quick = { name: 'convzoo-quick', version: '1.0.0', type: 'module', exports: './main.js' }
  write('node_modules/convzoo-quick/package.json', { ...quick, convzoo: { 'engine/v1': ['quick'] } })
  write('node_modules/convzoo-quick/main.js', engine)
  write('node_modules/convzoo-chosen/package.json', { ...quick, name: 'convzoo-chosen', convzoo: contracts })
  write('node_modules/convzoo-chosen/main.js', chosen)
  mkdirSync(join(project, 'node_modules/@convzoo'))
  symlinkSync(join(packages, 'core'), join(project, 'node_modules/@convzoo/core'), 'junction')
})

const convzoo = (...parameters: readonly string[]) => convzooIn(project, ...parameters)

function convzooIn(cwd: string, ...parameters: readonly string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'npm_config_user_agent'))
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...parameters], {
    encoding: 'utf8',
    cwd,
    env,
  })
  return { status, stdout, stderr }
}

describe('the plugins of a project', () => {
  it('are found beside what comes with the command line, with version and place; a broken one is named', () => {
    const { status, stdout, stderr } = convzoo('list', '--json')
    expect(status).toBe(0)
    expect(stderr).toMatch(
      /^convzoo-broken@0\.0\.1 in .* cannot be used: it has a bug\nconvzoo-chosen@1\.0\.0 in .* declares the loss "lost" and exports no definition of it\.\n {2}expected: export const lost[^\n]*\n {2}received: [^\n]*\n {2}hint: [^\n]*\n$/,
    )
    const rows: readonly { readonly id: string }[] = JSON.parse(stdout)
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(['alexnet', 'tiny', 'onnx']))
    expect(rows.find(({ id }) => id === 'tiny')).toEqual({
      kind: 'architecture',
      id: 'tiny',
      ids: ['tiny', 'tiny.only'],
      default: 'tiny.only',
      title: 'A tiny network',
      parameters: 51,
      package: 'convzoo-tiny@3.2.1',
      origin: 'project',
      folder: join(project, 'node_modules/convzoo-tiny'),
    })
  })

  it("are listed with all that is chosen by name, beside what is convzoo's own", () => {
    const rows: readonly object[] = JSON.parse(convzoo('list', '--json').stdout)
    const origin = {
      package: 'convzoo-chosen@1.0.0',
      origin: 'project',
      folder: join(project, 'node_modules/convzoo-chosen'),
    }
    expect(rows).toEqual(
      expect.arrayContaining([
        { kind: 'optimizer', id: 'lion', title: 'The sign', ...origin },
        { kind: 'loss', id: 'focal', title: 'Focal', ...origin },
        { kind: 'dataset', id: 'shapes', title: 'Shapes', ...origin },
        { kind: 'callback', id: 'csvLog', title: 'CSV', ...origin },
        expect.objectContaining({ kind: 'engine', id: 'quick', package: 'convzoo-quick@1.0.0' }),
        expect.objectContaining({ kind: 'optimizer', id: 'sgdw', origin: 'program' }),
      ]),
    )
  })

  it('are loaded only where they are needed', () => {
    const { status, stdout, stderr } = convzoo('summary', 'tiny')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Total params: 51')
  })

  it('answer to a deprecated id with a warning', () => {
    const { status, stderr } = convzoo('summary', 'tiny.old')
    expect([status, stderr]).toEqual([0, 'The id "tiny.old" is deprecated; use "tiny.only".\n'])
  })

  it('that cannot be loaded are named where they are asked for', () => {
    const { status, stderr } = convzoo('summary', 'broken')
    expect(status).toBe(2)
    expect(stderr).toMatch(/convzoo-broken@0\.0\.1, which provides "broken", cannot be loaded: it has a bug/)
  })

  it('are named with the sentence of an error that has more to say', () => {
    const other = join(project, 'other')
    write('other/package.json', { dependencies: { 'convzoo-hollow': '*' } })
    install('other/node_modules/convzoo-hollow', '0.0.1', 'hollow')
    mkdirSync(join(other, 'node_modules/convzoo-hollow/main.js'))
    const { status, stderr } = convzooIn(other, 'summary', 'hollow')
    expect(status).toBe(2)
    expect(stderr.split('\n')[0]).toMatch(/cannot be loaded: The entry of .* is no regular file\.$/)
  })
})

it('the options of a callback reach it, however its name is spelled', () => {
  for (const name of ['csv-log', 'csvLog']) {
    const { stderr } = convzoo(
      ...['train', 'tiny', '--data', 'mnist', '--limit', '4', '--test-limit', '2', '--batch-size', '2'],
      ...['--callback', name, '--csv-log-path', 'course.csv', '--run', `run-${name}`],
    )
    expect(stderr).toContain('csvLog was asked to write course.csv')
  }
})

describe('the engines of a project', () => {
  const train = (...more: readonly string[]) =>
    convzoo(
      'train',
      'alexnet',
      '--data',
      'mnist',
      '--input',
      '67x67x1',
      '--limit',
      '2',
      '--test-limit',
      '2',
      '--run',
      'run',
      ...more,
    )

  it('are taken by name, with the options that were given', () => {
    const { status, stderr } = train('--engine', 'quick', '--threads', '3')
    expect(status).toBe(1)
    expect(stderr).toContain('quick was asked to compile, with {"threads":3}')
  })

  it('that nothing provides are named, and those that there are', () => {
    const { status, stderr } = train('--engine', 'slow')
    expect(status).toBe(2)
    expect(stderr).toMatch(/--engine[\s\S]*expected: one of auto, onnx, tfjs, quick\n {2}received: slow/)
  })
})

describe('an id that no installed package provides', () => {
  it.each([
    ['package-lock.json', 'npm i @convzoo-examples/vgg'],
    ['pnpm-lock.yaml', 'pnpm add @convzoo-examples/vgg'],
    ['yarn.lock', 'yarn add @convzoo-examples/vgg'],
  ])('names the package, how the project of %s installs it, and what is there', (lockfile, command) => {
    write(lockfile, '')
    const { status, stderr } = convzoo('summary', 'vgg.16')
    rmSync(join(project, lockfile))
    expect(status).toBe(2)
    expect(stderr).toContain('The architecture "vgg.16" is provided by @convzoo-examples/vgg, which is not installed.')
    expect(stderr).toMatch(/expected: one of .*alexnet \(@convzoo\/alexnet@.*tiny \(convzoo-tiny@3\.2\.1\)/)
    expect(stderr).toContain(`hint: ${command}\n`)
  })

  it('says where to look if the catalog does not know it either', () => {
    const { status, stderr } = convzoo('summary', 'something-else')
    expect(status).toBe(2)
    expect(stderr).toContain('npm search keywords:convzoo-architecture')
  })
})

describe('the catalog', () => {
  it('has every architecture of this repository', () => {
    const declared = readdirSync(packages).flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8'))
      const names: readonly string[] = manifest.convzoo?.['architecture/v1'] ?? []
      return names.map((name) => [name, manifest.name] as const)
    })
    expect(knownArchitectures).toMatchObject(Object.fromEntries(declared))
  })
})
