import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { freeze, replaceHead, sgd } from '@convzoo/core'
import { openOnnxModel } from '@convzoo/engine-onnx/model'
import type { Trainer } from '@convzoo/trainer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRun, type Prediction, type Run, train } from './index.js'
import { openSource } from './source/open-source.js'
import { Project, tinyConfig } from './testing/project.js'

const project = new Project()
const quiet = { onWarning: () => undefined }
let flowers = ''
let finished = ''
beforeAll(async () => {
  flowers = await project.pictures()
  finished = project.path('runs/finished')
  await train(tinyConfig(flowers), { folder: finished, ...quiet })
})
afterAll(() => project[Symbol.dispose]())

const engine = { name: 'onnx', device: 'cpu', threads: 1 }
const opened = (folder = finished): Promise<Run> => openRun(folder, { engine, ...quiet })
const rose = () => join(flowers, 'rose/0.png')
const never = (value: unknown) => value as never

async function valuesOf(trainer: Trainer, name = ''): Promise<Float32Array | undefined> {
  for await (const { data } of trainer.readState([name])) return data
  return undefined
}

const probabilitiesOf = ({ top }: Prediction): Readonly<Record<string, number>> =>
  Object.fromEntries(top.map(({ class: name, probability }) => [name, probability]))

describe('a run that is finished', () => {
  it('knows what it was trained on and how', async () => {
    await using run = await opened()
    expect(run).toMatchObject({ folder: finished, classes: ['rose', 'tulip'] })
    expect(run.config).toMatchObject({ network: { id: 'tiny.only', input: [8, 8, 3] }, training: { epochs: 2 } })
    expect(run.preprocessing).toMatchObject({ mean: [0.5, 0.5, 0.5] })
    expect(run.model.layers.length).toBeGreaterThan(3)
  })

  it('predicts files and folders, with the most probable class first', async () => {
    await using run = await opened()
    const [one] = await run.predict([rose()])
    expect(one).toMatchObject({ image: rose() })
    expect(one?.truth).toBeUndefined()
    const [first, second] = one?.top ?? []
    expect((first?.probability ?? 0) + (second?.probability ?? 0)).toBeCloseTo(1)
    expect(first?.probability).toBeGreaterThanOrEqual(second?.probability ?? 1)
    const all = await run.predict([flowers], { top: 1 })
    expect(all).toHaveLength(10)
    expect(all.every(({ top }) => top.length === 1)).toBe(true)
  })

  it('predicts images that are preprocessed already as it does the files', async () => {
    await using run = await opened()
    const { dataset } = await run.evaluate(undefined, { split: 'train' })
    const { images } = await dataset.batch([0, 1, 2])
    const fromArray = await run.predict(images.slice())
    const fromFiles = await run.predictSamples({ split: 'train', index: [0, 1, 2] })
    expect(fromArray.map(({ image }) => image)).toEqual(['0', '1', '2'])
    for (const [row, prediction] of fromArray.entries()) {
      const other = fromFiles[row]
      if (other === undefined) throw new Error('There is one for each.')
      expect(probabilitiesOf(prediction)).toEqual(probabilitiesOf(other))
    }
  })

  it('says what its own images are, and those of another source', async () => {
    await using run = await opened()
    const [sample] = await run.predictSamples()
    expect(['rose', 'tulip']).toContain(sample?.truth)
    const more = await project.pictures({ into: 'more', count: 6 })
    const [other] = await run.predictSamples({ data: more, split: 'train', index: [0] })
    expect(other?.image).toContain('more')
  })

  it('is evaluated on what it was tested on, and on other images whole', async () => {
    await using run = await opened()
    const own = await run.evaluate()
    expect(own).toMatchObject({ split: 'validation', samples: 2, classes: ['rose', 'tulip'] })
    expect(own.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(2)
    const more = await project.pictures({ into: 'others', count: 6 })
    expect(await run.evaluate(more)).toMatchObject({ split: 'all', samples: 12 })
    const { mistakes } = await run.evaluate(more, { limit: 4, split: 'train', mistakes: 2 })
    expect(mistakes?.length ?? 0).toBeLessThanOrEqual(2)
    const strangers = await project.pictures({ into: 'strangers', classes: ['rose', 'thistle'] })
    await expect(run.evaluate(strangers)).rejects.toThrow('thistle')
  })

  it('goes on in a trainer of its own, which starts from its weights and leaves the run as it is', async () => {
    const before = readFileSync(join(finished, 'weights.safetensors'))
    await using run = await opened()
    const { dataset, loss } = await run.evaluate(undefined, { split: 'train' })
    const optimizer = sgd({ learningRate: 0.01 })
    await using trainer = await run.trainer({ optimizer, model: freeze(run.model, 'conv2d') })
    expect((await trainer.evaluate(dataset, { batchSize: 100 })).loss).toBeCloseTo(loss, 6)
    await trainer.fit(dataset, { epochs: 3, batchSize: 4 })
    expect((await trainer.evaluate(dataset, { batchSize: 100 })).loss).toBeLessThan(loss)
    expect((await run.evaluate(undefined, { split: 'train' })).loss).toBe(loss)
    expect(readFileSync(join(finished, 'weights.safetensors'))).toEqual(before)
  })

  it('gives what fits to a network for other classes', async () => {
    await using run = await opened()
    const data = await project.pictures({ into: 'three', classes: ['aster', 'rose', 'tulip'] })
    const model = replaceHead(run.model, 3)
    const optimizer = sgd({ learningRate: 0.01 })
    await using trainer = await run.trainer({ model, optimizer })
    const [first] = run.model.weights
    await using plain = await run.trainer()
    expect(await valuesOf(trainer, first?.name)).toEqual(await valuesOf(plain, first?.name))
    const source = await openSource({ source: data, validationSplit: 0 }, () => undefined)
    const dataset = await source.load('train', { imageShape: [8, 8, 3], preprocessing: run.preprocessing })
    await trainer.fit(dataset, { epochs: 1, batchSize: 5 })
    expect(trainer.classes).toEqual(['aster', 'rose', 'tulip'])
    await dataset.dispose?.()
  })

  it('is disposed of more than once, and of no use afterwards', async () => {
    const run = await opened()
    await run.predict([rose()])
    await run.dispose()
    await run.dispose()
    await expect(run.predict([rose()])).rejects.toMatchObject({ kind: 'state' })
    const unused = await opened()
    await unused.dispose()
    await expect(unused.predict([rose()])).rejects.toMatchObject({ kind: 'state' })
  })

  it('is read from wherever it was moved to', async () => {
    const folder = project.path('runs/here')
    cpSync(finished, folder, { recursive: true })
    const moved = project.path('runs/there')
    renameSync(folder, moved)
    await using run = await opened(moved)
    expect(await run.predict([rose()])).toHaveLength(1)
  })
})

describe('a run that is not finished', () => {
  it('is used by its newest checkpoint, and says so', async () => {
    const folder = project.path('runs/stopped')
    const controller = new AbortController()
    const callbacks = [{ onEpoch: () => controller.abort() }]
    await train(tinyConfig(flowers), { folder, callbacks, signal: controller.signal, ...quiet })
    const warnings: string[] = []
    await using run = await openRun(folder, { engine, onWarning: (line) => void warnings.push(line) })
    expect(await run.predict([rose()])).toHaveLength(1)
    expect(warnings.join('\n')).toMatch(/not finished: its newest checkpoint is used, tiny.only, step 2, after 1 whole/)
  })

  it('can be looked at while it goes on', async () => {
    const folder = project.path('runs/under-way')
    const seen: number[] = []
    const look = async (): Promise<void> => {
      await using run = await opened(folder)
      seen.push((await run.predict([rose()])).length)
    }
    // At the second epoch there is a checkpoint of the first.
    const callbacks = [{ onEpoch: ({ epoch }: { readonly epoch: number }) => (epoch === 1 ? look() : undefined) }]
    await train(tinyConfig(flowers), { folder, callbacks, ...quiet })
    expect(seen).toEqual([1])
  })
})

describe('openRun', () => {
  it('refuses what is no run, or has no weights', async () => {
    await expect(opened(project.path('nothing'))).rejects.toMatchObject({ kind: 'file' })
    mkdirSync(project.path('runs/empty'), { recursive: true })
    await expect(opened(project.path('runs/empty'))).rejects.toMatchObject({ kind: 'file' })
    const folder = project.path('runs/weightless')
    cpSync(finished, folder, { recursive: true })
    rmSync(join(folder, 'weights.safetensors'))
    rmSync(join(folder, 'checkpoints'), { recursive: true })
    await using run = await opened(folder)
    await expect(run.predict([rose()])).rejects.toMatchObject({ kind: 'file' })
    await expect(run.trainer()).rejects.toMatchObject({ kind: 'file' })
  })

  it('refuses arrays, files and options that cannot be used', async () => {
    await using run = await opened()
    await expect(run.predict(new Float32Array(8 * 8 * 3 + 1))).rejects.toMatchObject({ kind: 'shape' })
    await expect(run.predict(new Float32Array(0))).rejects.toMatchObject({ kind: 'shape' })
    await expect(run.predict([project.path('none.png')])).rejects.toThrow('none.png')
    await expect(run.predict(never('rose.png'))).rejects.toThrow('paths of images and folders')
    await expect(run.predict([rose()], { top: 0 })).rejects.toThrow('"top" of predict')
    await expect(run.evaluate(undefined, { split: never('tests') })).rejects.toThrow('"split" of evaluate')
    await expect(run.evaluate(undefined, { crops: 'ten' })).rejects.toMatchObject({ kind: 'option' })
    await expect(openRun(finished, { engine: 'onx', ...quiet })).rejects.toThrow('onnx')
    await expect(openRun(finished, { engine: { thread: 2 }, ...quiet })).rejects.toThrow('did you mean threads?')
  })
})

describe('export of a run', () => {
  it('writes a model for any number of images, with classes and preprocessing, that gives what the run gives', async () => {
    await using run = await opened()
    const path = project.path('exported/flowers.onnx')
    const exported = await run.export(path)
    expect(exported).toMatchObject({ path, input: 'images', output: 'probabilities', opset: 20, dataFile: undefined })
    expect(exported.images).toBeGreaterThan(0)
    expect(exported.greatestDifference).toBeLessThan(1e-5)
    const { dataset } = await run.evaluate(undefined, { split: 'train' })
    const { images } = await dataset.batch([0, 1, 2])
    const model = await openOnnxModel(path)
    const [first] = await run.predict(images.slice(0, images.length / 3))
    const given = await model.run(images.slice())
    await model.dispose()
    expect(given).toHaveLength(6)
    const { rose: wanted = Number.NaN } = first === undefined ? {} : probabilitiesOf(first)
    expect(given[0]).toBeCloseTo(wanted, 5)
    const text = readFileSync(path, 'latin1')
    for (const part of ['["rose","tulip"]', 'tiny.only', '"standardDeviation"']) expect(text).toContain(part)
    expect(readdirSync(project.path('exported'))).toEqual(['flowers.onnx'])
  })

  it('puts weights beside the model where that is asked for', async () => {
    await using run = await opened()
    const path = project.path('apart/flowers.onnx')
    const { dataFile, greatestDifference } = await run.export(path, { externalData: true })
    expect(dataFile).toBe(`${path}.data`)
    expect(greatestDifference).toBeLessThan(1e-5)
    const model = await openOnnxModel(path)
    expect(await model.run(new Float32Array(8 * 8 * 3))).toHaveLength(2)
    await model.dispose()
  })

  it('is compared on noise, which is said, where the images are not there any more, and on others where they are given', async () => {
    const place = await project.pictures({ into: 'moving' })
    const folder = project.path('runs/moving')
    await train(tinyConfig(place), { folder, ...quiet })
    renameSync(place, project.path('moved'))
    const warnings: string[] = []
    await using run = await openRun(folder, { engine, onWarning: (line) => warnings.push(line) })
    await run.export(project.path('noise.onnx'))
    expect(warnings.join()).toContain('compared on noise')
    const { images } = await run.export(project.path('other.onnx'), { data: project.path('moved') })
    expect(images).toBe(2)
    await expect(run.export(project.path('none.onnx'), { data: place })).rejects.toMatchObject({ kind: 'file' })
  })
})
