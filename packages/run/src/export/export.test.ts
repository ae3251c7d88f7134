import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openOnnxModel } from '@convzoo/engine-onnx/model'
import { openLayersModel } from '@convzoo/engine-tfjs/layers-model'
import { openSafetensors } from '@convzoo/safetensors'
import { pngOf } from '@convzoo/visualize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportWeights, importWeights, openRun, openWeights, type Run, type RunConfig, train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'
import { installWhitenedNetwork } from '../testing/whitened-network.js'

const project = new Project()
installWhitenedNetwork(project)
const quiet = { onWarning: () => undefined }
const engine = { name: 'onnx', device: 'cpu', threads: 1 }
let flowers = ''
const opened = (folder: string): Promise<Run> => openRun(folder, { engine, ...quiet })
const pictures = () => [join(flowers, 'rose/0.png'), join(flowers, 'tulip/3.png')]

/** Runs whose networks see pictures in other ways. */
const ways: Readonly<Record<string, Partial<RunConfig>>> = {
  own: {},
  image: { data: { source: '', augment: 'none', workers: 1, mean: 'image' } },
  measured: { network: { id: 'tiny', input: [10, 12, 3] }, data: { source: '', workers: 1, mean: 'channel' } },
  whitened: { network: 'whitened', data: { source: '', augment: 'none', workers: 1 } },
}
const runOf = (way: string): string => project.path(`runs/${way}`)

beforeAll(async () => {
  flowers = await project.pictures()
  for (const [way, { data, ...config }] of Object.entries(ways)) {
    const seen = typeof data === 'object' ? { data: { ...data, source: flowers } } : {}
    await train(tinyConfig(flowers, { ...config, ...seen }), { folder: runOf(way), ...quiet })
  }
})
afterAll(() => project[Symbol.dispose]())

const valuesOf = async (path: string): Promise<ReadonlyMap<string, Buffer>> => {
  const file = await openSafetensors(path)
  const all = new Map<string, Buffer>()
  for await (const { name, data } of file.read()) all.set(name, Buffer.from(Float32Array.from(data).buffer))
  await file.close()
  return all
}

describe('export to safetensors', () => {
  it.each(Object.keys(ways))('keeps all that predict needs to say the same: %s', async (way) => {
    await using run = await opened(runOf(way))
    const path = project.path(`weights/${way}.safetensors`)
    await run.export(path, { format: 'safetensors' })
    await using network = await openWeights(path, { engine, ...quiet })
    expect(network).toMatchObject({ id: run.id, classes: ['rose', 'tulip'] })
    expect(await network.predict(pictures())).toEqual(await run.predict(pictures()))
    // And once more, of the file itself.
    await network.export(project.path('again.safetensors'), { format: 'safetensors' })
    expect(readFileSync(project.path('again.safetensors')).equals(readFileSync(path))).toBe(true)
  })

  it("has another library's names where the tag knows them, and the run's values byte for byte", async () => {
    await using run = await opened(runOf('own'))
    const path = project.path('theirs.safetensors')
    const { peer, names } = await run.export(path, { format: 'safetensors' })
    expect(peer).toBe('tiny of PyTorch')
    expect(names).toEqual(['features.0.weight', 'features.0.bias', 'classifier.1.weight', 'classifier.1.bias'])
    await importWeights(path, { as: 'tiny', to: project.path('ours.safetensors') })
    expect(await valuesOf(project.path('ours.safetensors'))).toEqual(
      await valuesOf(join(runOf('own'), 'weights.safetensors')),
    )
  })

  it('has our names for an input that the other library does not see', async () => {
    await using run = await opened(runOf('measured'))
    const path = project.path('ours-alone.safetensors')
    const { peer, names } = await run.export(path, { format: 'safetensors' })
    expect([peer, names]).toEqual([undefined, run.model.weights.map(({ name }) => name)])
    expect(await valuesOf(path)).toEqual(await valuesOf(join(runOf('measured'), 'weights.safetensors')))
    await expect(exportWeights(runOf('measured'), { to: project.path('theirs-alone') })).rejects.toMatchObject({
      kind: 'option',
      received: '(10, 12, 3)',
    })
  })

  it('is refused for an input that its weights do not fit', async () => {
    await using run = await opened(runOf('own'))
    const path = project.path('input.safetensors')
    await run.export(path, { format: 'safetensors' })
    await expect(openWeights(path, { engine, input: '12x12x3' })).rejects.toThrow(/for an input of/)
  })
})

describe('export to tfjs', () => {
  it.each(Object.keys(ways))('writes a LayersModel that gives what the run gives: %s', async (way) => {
    await using run = await opened(runOf(way))
    const path = project.path(`tfjs/${way}`)
    const exported = await run.export(path, { format: 'tfjs' })
    expect(exported).toMatchObject({ path, images: 2, files: ['model.json', 'group1-shard1of1.bin'] })
    expect(exported.greatestDifference).toBeLessThan(1e-5)
    const { dataset } = await run.evaluate(undefined, { split: 'train' })
    const { images } = await dataset.batch([0, 1, 2])
    const wanted = await run.predict(images)
    const model = await openLayersModel(path)
    const given = await model.run(images)
    await model.dispose()
    for (const [place, { top }] of wanted.entries()) {
      const rose = top.find(({ class: name }) => name === 'rose')?.probability ?? Number.NaN
      expect(given[2 * place]).toBeCloseTo(rose, 5)
    }
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8'))
    expect(userDefinedMetadata).toMatchObject({ network: run.id, classes: '["rose","tulip"]' })
  })

  it.each(['image', 'measured'])('holds preprocessing where that is asked for: %s', async (way) => {
    await using run = await opened(runOf(way))
    const path = project.path(`tfjs-bytes/${way}`)
    const { takesBytes, greatestDifference } = await run.export(path, { format: 'tfjs', withPreprocessing: true })
    expect(takesBytes).toBe(true)
    expect(greatestDifference).toBeLessThan(1e-4)
    const model = await openLayersModel(path)
    expect(await model.run(whole(model.imageShape))).toEqual(expect.any(Float32Array))
    await model.dispose()
  })

  it('replaces what an export wrote, and nothing else', async () => {
    await using run = await opened(runOf('own'))
    const path = project.path('replaced/flowers')
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'group1-shard9of9.bin'), 'old')
    await run.export(`${path}/`, { format: 'tfjs' })
    expect(readdirSync(path).sort()).toEqual(['group1-shard1of1.bin', 'model.json'])
    expect(readdirSync(project.path('replaced'))).toEqual(['flowers'])
    writeFileSync(join(path, 'holiday.jpg'), 'mine')
    await expect(run.export(path, { format: 'tfjs' })).rejects.toMatchObject({ kind: 'file', received: 'holiday.jpg' })
    await expect(run.export(join(path, 'model.json'), { format: 'tfjs' })).rejects.toMatchObject({ kind: 'file' })
    expect(readdirSync(path)).toHaveLength(3)
  })
})

/** A picture of one colour. */
const whole = (shape: readonly number[]): Uint8Array =>
  new Uint8Array(shape.reduce((product, length) => product * length, 1)).fill(77)

describe('export to onnx with preprocessing', () => {
  it.each(['own', 'whitened'])('takes the bytes of pictures that have the size of the input: %s', async (way) => {
    await using run = await opened(runOf(way))
    const path = project.path(`onnx-bytes/${way}.onnx`)
    const { takesBytes, greatestDifference } = await run.export(path, { withPreprocessing: true })
    expect(takesBytes).toBe(true)
    expect(greatestDifference).toBeLessThan(1e-5)
    // A picture of one colour that is as large as the network's input: what predict says of the file.
    const model = await openOnnxModel(path)
    const [height = 0, width = 0] = model.imageShape
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="rgb(77, 77, 77)"/></svg>`
    project.write(`${way}.png`, Buffer.from(await pngOf(svg)))
    const [said] = await run.predict([project.path(`${way}.png`)])
    const [rose] = await model.run(whole(model.imageShape))
    await model.dispose()
    expect(rose).toBeCloseTo(said?.top.find(({ class: name }) => name === 'rose')?.probability ?? Number.NaN, 5)
    const text = readFileSync(path, 'latin1')
    expect(text).toContain('{"resize":"bilinear"}')
    expect(text).toContain('preprocessing/scale')
  })

  it('is refused where pictures are whitened and nobody knows how, before anything is written', async () => {
    const weights = join(runOf('whitened'), 'weights.safetensors')
    await using network = await openWeights(weights, { as: 'whitened', engine, ...quiet })
    for (const format of ['onnx', 'tfjs'] as const) {
      const path = project.path('unfitted')
      await expect(network.export(path, { format, withPreprocessing: true })).rejects.toMatchObject({
        kind: 'option',
        message: expect.stringContaining('whitening'),
      })
      expect(existsSync(path)).toBe(false)
    }
  })
})

describe('an option of export', () => {
  it.each([
    ['safetensors', { data: 'flowers' }, /"data"[\s\S]*safetensors/],
    ['safetensors', { externalData: true }, /"externalData"/],
    ['safetensors', { withPreprocessing: true }, /"withPreprocessing"/],
    ['tfjs', { externalData: true }, /"externalData"[\s\S]*tfjs takes data, withPreprocessing/],
  ] as const)('that %s has no use for is refused: %j', async (format, more, message) => {
    await using run = await opened(runOf('own'))
    await expect(run.export(project.path('refused'), { format, ...more })).rejects.toThrow(message)
  })
})
