import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportWeights, installedChoices, openRun, openWeights, train } from './index.js'
import { Project, tinyConfig } from './testing/project.js'

/** The network `tiny` as PyTorch has it, for three classes, and what it makes of two images: fixtures/write_tiny.py. */
const bytes = readFileSync(new URL('./fixtures/tiny.pth', import.meta.url))
const truth: { readonly images: readonly number[]; readonly probabilities: readonly (readonly number[])[] } =
  JSON.parse(readFileSync(new URL('./fixtures/tiny.json', import.meta.url), 'utf8'))

const project = new Project()
const quiet = { onWarning: () => undefined }
const engine = { name: 'onnx', device: 'cpu', threads: 1 }
const classes = ['ant', 'bee', 'cat']
const insects = {
  network: 'tiny',
  file: 'insects.pth',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  license: 'CC0-1.0',
  trainedOn: 'nothing',
  classes,
  accuracy: 0.5,
}

/** Installs a package that ships weights, of which no code can be run. */
function install(name: string, weights: Readonly<Record<string, object>>): void {
  const convzoo = { 'weights/v1': weights }
  project.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', convzoo }))
  project.write(`node_modules/${name}/insects.pth`, bytes)
}

beforeAll(() => {
  install('@shop/insects', { insects })
  install('@shop/changed', { changed: { ...insects, sha256: 'ab'.repeat(32) } })
  const names = ['convzoo-tiny', '@shop/insects', '@shop/changed']
  const dependencies = Object.fromEntries(names.map((name) => [name, '*']))
  project.write('package.json', JSON.stringify({ name: 'program', dependencies }))
})
afterAll(() => project[Symbol.dispose]())

describe('weights of a package', () => {
  it.each(['@shop/insects', 'insects'])('are opened by name, with their network and classes: %s', async (name) => {
    await using network = await openWeights(name, { engine, ...quiet })
    expect(network).toMatchObject({ id: 'tiny.only', classes })
    const predictions = await network.predict(Float32Array.from(truth.images), { top: 3 })
    for (const [index, { top }] of predictions.entries()) {
      for (const { class: found, probability } of top) {
        expect(probability).toBeCloseTo(truth.probabilities[index]?.[classes.indexOf(found)] ?? Number.NaN, 5)
      }
    }
  })

  it('are what a run starts from, and stand in it by their name', async () => {
    const folder = project.path('runs/tuned')
    const config = tinyConfig(await project.pictures())
    const network = { id: 'tiny', input: '6x6x1', weights: 'insects' }
    const lines: string[] = []
    await train({ ...config, network }, { folder, onLog: (line) => lines.push(line), ...quiet })
    expect(lines.join('\n')).toMatch(/insects[\s\S]*conv2d\/kernel/)
    await using run = await openRun(folder, { engine, ...quiet })
    expect(run.config.network).toMatchObject({ weights: 'insects' })
  })

  it('are written as another library has them', async () => {
    const to = project.path('back.safetensors')
    expect(await exportWeights('insects', { to })).toMatchObject({
      names: expect.arrayContaining(['classifier.1.bias']),
    })
  })

  it('are refused where their file is not the one that they say', async () => {
    const refused = expect.objectContaining({ kind: 'file', received: insects.sha256 })
    await expect(openWeights('@shop/changed', { engine, ...quiet })).rejects.toThrow(refused)
    await expect(exportWeights('changed', { to: project.path('none.safetensors') })).rejects.toThrow(refused)
    const config = tinyConfig(await project.pictures())
    const network = { id: 'tiny', weights: 'changed' }
    await expect(train({ ...config, network }, { folder: project.path('runs/none'), ...quiet })).rejects.toThrow(
      refused,
    )
  })

  it.each([{ as: 'tiny' }, { classes }, { input: '6x6x1' }])('know what they are: %j', async (said) => {
    await expect(openWeights('insects', { ...said, engine, ...quiet })).rejects.toThrow(
      expect.objectContaining({
        kind: 'option',
        sentence: 'The package of insects knows its network, classes and input.',
      }),
    )
  })

  it('are not there where the package is not, and it is said how to install it', async () => {
    await expect(openWeights('@shop/birds', { engine, ...quiet })).rejects.toThrow(
      expect.objectContaining({ kind: 'registry', hint: expect.stringMatching(/(install|add) @shop\/birds$/) }),
    )
  })

  it('yield to what is there by that name', async () => {
    project.write('insects.pth', bytes)
    await using network = await openWeights(project.path('insects.pth'), { as: 'tiny', engine, ...quiet })
    expect(network.classes).toBeUndefined()
  })

  it('are listed, with what there is to know of them', async () => {
    const { choices } = await installedChoices()
    expect(choices.filter(({ kind }) => kind === 'weights')).toContainEqual({
      kind: 'weights',
      id: 'insects',
      title: 'tiny, 3 classes, nothing, accuracy 0.5, CC0-1.0',
      ...insects,
      package: '@shop/insects@1.0.0',
      folder: project.path('node_modules/@shop/insects'),
      origin: 'program',
    })
  })
})
