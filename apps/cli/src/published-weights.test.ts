import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { metricsOf } from './testing/convzoo.js'
import { pathsOf, picturesIn } from './testing/photographs.js'
import { Project } from './testing/project.js'

/** The network `tiny` as PyTorch has it, for three classes. */
const bytes = readFileSync(fileURLToPath(new URL('../../../packages/run/src/fixtures/tiny.pth', import.meta.url)))

const project = new Project('published-weights')
const { convzoo } = project
const name = '@shop/insects'
const insects = {
  network: 'tiny',
  file: 'insects.pth',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  license: 'CC0-1.0',
  trainedOn: '300 photographs of insects and pets in gardens',
  classes: ['ant', 'bee', 'cat'],
}
let data = ''

/** Runs npm in a folder; it asks no registry. */
function npm(folder: string, ...parameters: readonly string[]): void {
  const flags = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts']
  // On Windows it is a script of the shell.
  const { status, stderr } = spawnSync('npm', [...parameters, ...flags], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(stderr)
}

/** Packs weights as their author does, installs the archive as a user does, and puts what came of it into the project. */
beforeAll(async () => {
  data = await picturesIn(project.path('data'), pathsOf(['ant', 'bee', 'cat']))
  const [author, user] = [project.path('author'), project.path('user')]
  for (const folder of [author, user]) mkdirSync(folder)
  const convzooField = { 'weights/v1': { insects } }
  writeFileSync(
    join(author, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', files: ['insects.pth'], convzoo: convzooField }),
  )
  writeFileSync(join(author, 'insects.pth'), bytes)
  writeFileSync(join(user, 'package.json'), '{ "private": true }')
  npm(author, 'pack', '--pack-destination', '../user')
  npm(user, 'install', './shop-insects-1.0.0.tgz')
  cpSync(join(user, 'node_modules', name), project.path(`node_modules/${name}`), { recursive: true })
  const dependencies = { 'convzoo-tiny': '*', [name]: '*' }
  writeFileSync(project.path('package.json'), JSON.stringify({ name: 'program', dependencies }))
})

const picture = () => join(data, 'ant', '0.png')

describe('weights that were packed and installed', () => {
  it('are listed with their network, their licence and what they were trained on', () => {
    const { status, stdout } = convzoo('list')
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^weights insects {2,}tiny, 3 classes, 300 photographs of insects and pets in gardens, CC0-1\.0 {2}\(@shop\/insects@1\.0\.0, .*insects\)$/m,
    )
    const rows: readonly object[] = JSON.parse(convzoo('list', '--json').stdout)
    expect(rows).toContainEqual(expect.objectContaining({ kind: 'weights', id: 'insects', ...insects }))
  })

  it('predict and are evaluated by the name of the package, as the file does', () => {
    const file = ['--weights', `node_modules/${name}/insects.pth`, '--as', 'tiny', '--classes', 'classes.txt']
    writeFileSync(project.path('classes.txt'), insects.classes.join('\n'))
    const ofFile = convzoo('predict', ...file, picture(), '--json')
    expect(ofFile.status, ofFile.stderr).toBe(0)
    for (const parameters of [['--weights', name], ['--weights', 'insects'], [name]]) {
      expect(convzoo('predict', ...parameters, picture(), '--json')).toMatchObject({ status: 0, stdout: ofFile.stdout })
    }
    const evaluated = convzoo('evaluate', '--weights', name, '--data', data, '--split', 'all')
    expect([evaluated.status, evaluated.stdout]).toEqual([0, expect.stringContaining('ant bee cat')])
  })

  it('are what a training starts from', () => {
    const run = project.path('runs/tuned')
    const training = ['train', 'tiny', '--data', data, '--epochs', '1', '--batch-size', '4', '--run', run]
    const { status, stderr } = convzoo(...training, '--weights', name)
    expect(status, stderr).toBe(0)
    expect(metricsOf(run)).toContainEqual(
      expect.objectContaining({ type: 'starting-weights', source: name, left: [], anew: [] }),
    )
  })

  it('are refused where the file is another one, in three lines', () => {
    const changed = project.path('node_modules/changed')
    mkdirSync(changed)
    const manifest = { name: 'changed', version: '2.0.0', convzoo: { 'weights/v1': { changed: insects } } }
    writeFileSync(join(changed, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(changed, 'insects.pth'), bytes.subarray(1))
    const own = project.path('package.json')
    const before = readFileSync(own, 'utf8')
    writeFileSync(own, before.replace('{"convzoo-tiny"', '{"changed":"*","convzoo-tiny"'))
    try {
      const { status, stdout, stderr } = convzoo('predict', '--weights', 'changed', picture())
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/"changed" of changed@2\.0\.0 are not those that it says[\s\S]*install changed again/)
    } finally {
      writeFileSync(own, before)
    }
  })

  it('yield to a folder of the same name, which is a run', () => {
    mkdirSync(project.path('insects'))
    try {
      const { status, stderr } = convzoo('predict', 'insects', picture())
      expect(status).toBe(2)
      expect(stderr).toMatch(/insects is not the folder of a run/)
    } finally {
      rmdirSync(project.path('insects'))
    }
  })
})
