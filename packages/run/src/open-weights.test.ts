import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPyTorch, openSafetensors } from '@convzoo/safetensors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportWeights, importWeights, openRun, openWeights, type Prediction, Run, train } from './index.js'
import { Project, tinyConfig } from './testing/project.js'

/** The network `tiny` as PyTorch has it, for three classes, and what it makes of two images: fixtures/write_tiny.py. */
const peer = fileURLToPath(new URL('./fixtures/tiny.pth', import.meta.url))
const truth: {
  readonly images: readonly number[]
  readonly probabilities: readonly (readonly number[])[]
  readonly tensors: readonly (readonly [name: string, shape: readonly number[], elements: readonly number[]])[]
} = JSON.parse(readFileSync(new URL('./fixtures/tiny.json', import.meta.url), 'utf8'))

const project = new Project()
const quiet = { onWarning: () => undefined }
const engine = { name: 'onnx', device: 'cpu', threads: 1 }
const names = ['ant', 'bee', 'cat']
let flowers = ''
let run = ''
beforeAll(async () => {
  flowers = await project.pictures()
  run = project.path('runs/first')
  await train(tinyConfig(flowers), { folder: run, ...quiet })
})
afterAll(() => project[Symbol.dispose]())

const ordered = ({ top }: Prediction, classes: readonly string[]): readonly number[] =>
  classes.map((name) => top.find((each) => each.class === name)?.probability ?? Number.NaN)

function expectTruth(predictions: readonly Prediction[], classes: readonly string[]): void {
  expect(predictions).toHaveLength(truth.probabilities.length)
  for (const [index, prediction] of predictions.entries()) {
    const theirs = truth.probabilities[index] ?? []
    for (const [place, probability] of ordered(prediction, classes).entries()) {
      expect(probability).toBeCloseTo(theirs[place] ?? Number.NaN, 5)
    }
  }
}

async function tensorsOf(path: string) {
  const file = await (path.endsWith('.pth') ? openPyTorch(path) : openSafetensors(path))
  const all = new Map<string, { readonly shape: readonly number[]; readonly bytes: Buffer }>()
  for await (const { name, shape, data } of file.read()) {
    all.set(name, { shape, bytes: Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.byteLength)) })
  }
  await file.close()
  return all
}

describe('a file of weights', () => {
  it('of PyTorch predicts what PyTorch does, its classes numbered', async () => {
    await using network = await openWeights(peer, { as: 'tiny', engine, ...quiet })
    expect(network).toMatchObject({ id: 'tiny.only', classes: undefined })
    expect(network).not.toBeInstanceOf(Run)
    expectTruth(await network.predict(Float32Array.from(truth.images)), ['0', '1', '2'])
  })

  it('that was imported knows its network and its classes', async () => {
    const to = project.path('imported.safetensors')
    writeFileSync(project.path('classes.txt'), '\ufeffant\r\nbee\r\ncat\r\n')
    expect(await importWeights(peer, { as: 'tiny', to, classes: project.path('classes.txt') })).toEqual({
      names: ['conv2d/kernel', 'conv2d/bias', 'dense/kernel', 'dense/bias'],
      classes: 3,
    })
    await using network = await openWeights(to, { engine, ...quiet })
    expect(network.classes).toEqual(names)
    expectTruth(await network.predict(Float32Array.from(truth.images)), names)
  })

  it('takes names as a list, a file of lines, or JSON', async () => {
    writeFileSync(project.path('classes.json'), JSON.stringify(names))
    for (const classes of [names, project.path('classes.json')]) {
      await using network = await openWeights(peer, { as: 'tiny', classes, engine, ...quiet })
      expect(network.classes).toEqual(names)
    }
  })

  it('of a run predicts and evaluates as the run does', async () => {
    const file = join(run, 'weights.safetensors')
    const classes = ['rose', 'tulip']
    await using network = await openWeights(file, { as: 'tiny', classes, engine, ...quiet })
    await using whole = await openRun(run, { engine, ...quiet })
    const files = [join(flowers, 'rose/0.png'), join(flowers, 'tulip/1.png')]
    expect(await network.predict(files)).toEqual(await whole.predict(files))
    const [ours, theirs] = [
      await network.evaluate(flowers, { split: 'all' }),
      await whole.evaluate(flowers, { split: 'all' }),
    ]
    expect([ours.loss, ours.confusion, ours.classes]).toEqual([theirs.loss, theirs.confusion, theirs.classes])
    const predicted = await network.predictSamples({ data: flowers, split: 'train', index: [0] })
    expect(predicted).toMatchObject([{ truth: 'rose' }])
  })

  it('is a run where it is the folder of one', async () => {
    await using network = await openWeights(run, { engine, ...quiet })
    expect(network).toBeInstanceOf(Run)
    expect(network.classes).toEqual(['rose', 'tulip'])
    await expect(openWeights(run, { as: 'tiny', engine, ...quiet })).rejects.toMatchObject({
      kind: 'option',
      received: 'as',
    })
  })

  it('has no images of its own', async () => {
    await using network = await openWeights(peer, { as: 'tiny', engine, ...quiet })
    for (const use of [() => network.evaluate(), () => network.predictSamples()]) {
      await expect(use()).rejects.toMatchObject({ kind: 'option', message: expect.stringContaining('no images') })
    }
  })

  it.each([
    ['that says nothing of its network', 'tiny.pth', {}, { kind: 'option', hint: expect.stringContaining('--as') }],
    [
      'for a network that knows no other library',
      'tiny.pth',
      { as: 'nin' },
      { kind: 'option', message: expect.stringContaining('nin.notebook') },
    ],
    [
      'of another network',
      'tiny.pth',
      { as: 'alexnet.torchvision' },
      { kind: 'file', message: expect.stringContaining('torchvision.models.alexnet') },
    ],
    [
      'of another input',
      'weights.safetensors',
      { as: 'tiny', input: '12x12x3' },
      { kind: 'file', hint: expect.stringContaining('--input'), received: expect.stringContaining('dense/kernel') },
    ],
    [
      'with too few names',
      'tiny.pth',
      { as: 'tiny', classes: ['ant', 'bee'] },
      { kind: 'option', expected: '3 names, each once', received: '2 names' },
    ],
    [
      'with a name twice',
      'tiny.pth',
      { as: 'tiny', classes: ['ant', 'bee', 'ant'] },
      { kind: 'option', received: 'ant twice' },
    ],
    ['with names that are none', 'tiny.pth', { as: 'tiny', classes: 'nowhere.txt' }, { kind: 'file' }],
    ['that is not there', 'nowhere.pth', { as: 'tiny' }, { kind: 'file' }],
    [
      'that is no run',
      'nowhere',
      { as: 'tiny' },
      { kind: 'file', message: expect.stringMatching(/nowhere is not the folder of a run/) },
    ],
  ])('is refused %s', async (_, name, options, refused) => {
    const path = { 'tiny.pth': peer, 'weights.safetensors': join(run, name) }[name] ?? project.path(name)
    await expect(openWeights(path, { engine, ...quiet, ...options })).rejects.toMatchObject(refused)
  })
})

describe('weights of another library', () => {
  it('come back from ours byte for byte, under its names in its order', async () => {
    const [ours, back] = [project.path('ours.safetensors'), project.path('back.safetensors')]
    await importWeights(peer, { as: 'tiny', to: ours })
    const { names: theirs, peer: whose } = await exportWeights(ours, { to: back })
    expect(whose).toBe('tiny of PyTorch')
    const [before, after] = [await tensorsOf(peer), await tensorsOf(back)]
    expect(theirs).toEqual([...before.keys()])
    expect(theirs).toEqual(truth.tensors.map(([name]) => name))
    for (const [name, shape, elements] of truth.tensors) {
      expect(after.get(name)?.shape, name).toEqual(shape)
      expect(after.get(name)?.bytes.equals(before.get(name)?.bytes ?? Buffer.alloc(0)), name).toBe(true)
      expect(after.get(name)?.bytes.equals(Buffer.from(Float32Array.from(elements).buffer)), name).toBe(true)
    }
    // And in again: a safetensors file with the other library's names.
    await importWeights(back, { as: 'tiny', to: project.path('again.safetensors') })
    expect(readFileSync(project.path('again.safetensors')).equals(readFileSync(ours))).toBe(true)
  })

  it('are made of a run, too, and of no network that knows none', async () => {
    const to = project.path('of-run.safetensors')
    await exportWeights(run, { to })
    const own = await tensorsOf(join(run, 'weights.safetensors'))
    await importWeights(to, { as: 'tiny', to: project.path('of-run-again.safetensors') })
    const again = await tensorsOf(project.path('of-run-again.safetensors'))
    for (const [name, { bytes }] of own) expect(again.get(name)?.bytes.equals(bytes), name).toBe(true)
    await expect(exportWeights(join(run, 'weights.safetensors'), { to })).rejects.toMatchObject({ kind: 'option' })
  })
})
