import { imageDataset, imageFiles } from '@convzoo/data'
import { deconvnet, filters, gradCam, inputGradients, resized } from '@convzoo/visualize/inside'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRun, type Run, train, type VisualizedPicture, type VisualizeOptions, visualizeMethods } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'
import { installWhitenedNetwork } from '../testing/whitened-network.js'

const project = new Project()
installWhitenedNetwork(project)
const warnings: string[] = []
let run: Run
let source = ''
beforeAll(async () => {
  source = await project.pictures()
  const folder = project.path('run')
  await train(tinyConfig(source), { folder, onWarning: () => undefined })
  run = await openRun(folder, { onWarning: (line) => void warnings.push(line) })
})
afterAll(async () => {
  await run.dispose()
  project[Symbol.dispose]()
})

/** Width and height of a PNG. */
function sizeOf({ png }: VisualizedPicture): readonly [number, number] {
  const header = new DataView(png.buffer, png.byteOffset, 24)
  expect(header.getUint32(0)).toBe(0x89504e47)
  return [header.getUint32(16), header.getUint32(20)]
}

const inMeans = visualizeMethods.filter((method) => method !== 'class-maps')

describe('what a run saw', () => {
  it.each(inMeans)('is drawn by the method %s, on pages that load nothing', async (method) => {
    const { pictures, page } = await run.visualize({
      method,
      ...(method === 'filters' ? {} : { images: [`${source}/rose/0.png`, `${source}/tulip`] }),
      ...(method === 'deconvnet' ? { units: [0, 1], count: 3 } : {}),
      ...(method === 'evolution' ? { units: [0, 1] } : {}),
    })
    expect(pictures.map(({ name }) => name)).toEqual(
      Array.from(
        { length: method === 'filters' ? 1 : ['deconvnet', 'evolution'].includes(method) ? 2 : 6 },
        (_, at) => `${method}-${at + 1}`,
      ),
    )
    const [first] = pictures.map(sizeOf)
    for (const picture of pictures) {
      expect(sizeOf(picture)).toEqual(first)
      expect(page).toContain(Buffer.from(picture.png).toString('base64'))
      expect(page).toContain(picture.caption.replaceAll('"', '&#34;'))
    }
    expect(page).not.toMatch(/https?:|<script|<link/)
  })

  it('is looked at with what the last look compiled, until the run is disposed of', async () => {
    const own = await openRun(run.folder, { onWarning: () => undefined })
    const look = { images: new Float32Array(own.model.inputs[0]?.shape.reduce((size, side) => size * side, 1) ?? 0) }
    await inputGradients(own, look)
    const [kept] = own.keptLooks?.values() ?? []
    await inputGradients(own, look)
    expect([...(own.keptLooks?.values() ?? [])]).toEqual([kept])
    await own.dispose()
    expect(own.keptLooks).toBeUndefined()
    await expect(kept?.run('gradients/1', look)).rejects.toThrow()
  })

  it('is that of its own images where none are named, and of the class that is asked about', async () => {
    const own = await run.visualize({ method: 'grad-cam', index: [1, 0] })
    expect(own.pictures).toHaveLength(2)
    const asked = await run.visualize({ method: 'grad-cam', class: 'tulip' })
    expect(asked.pictures.map(({ caption }) => caption)).toEqual([expect.stringContaining('"tulip"')])
    const byPlace = await run.visualize({ method: 'grad-cam', class: 1 })
    expect(byPlace).toEqual(asked)
  })

  it('shows pictures as they were, also to a network that sees them whitened', async () => {
    const folder = project.path('whitened')
    await train(tinyConfig(source, { network: 'whitened' }), { folder, onWarning: () => undefined })
    await using whitened = await openRun(folder, { onWarning: () => undefined })
    const seen = await whitened.visualize({ method: 'gradient', images: [`${source}/rose/0.png`] })
    const [picture] = seen.pictures
    project.write('seen/one.png', Buffer.from(picture?.png ?? []))
    const [width, height] = picture === undefined ? [1, 1] : sizeOf(picture)
    const files = imageDataset(imageFiles([project.path('seen/one.png')], ['seen']), {
      imageShape: [height, width, 3],
      preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
    })
    const { images } = await files.batch([0])
    await files.dispose?.()
    // In the middle of the first of three pictures: hsl(0, 60%, 40%).
    const at = (Math.floor(height / 2) * width + Math.floor(width / 6)) * 3
    const [red = 0, green = 0, blue = 0] = images.subarray(at, at + 3)
    expect([red, green, blue].map((value) => Math.round(value * 20) / 20)).toEqual([0.65, 0.15, 0.15])
  })

  it('leaves out what cannot be read, and says so', async () => {
    project.write('broken/no.jpg', 'no picture')
    project.write('broken/short.png', Buffer.from([0x89, 0x50, 0x4e, 0x47]))
    warnings.length = 0
    const { pictures } = await run.visualize({
      method: 'gradient',
      images: [project.path('broken'), `${source}/rose/0.png`],
    })
    expect(pictures).toHaveLength(1)
    expect(warnings.filter((line) => line.startsWith('skipped'))).toHaveLength(2)
    const asked = run.visualize({ method: 'gradient', images: [project.path('broken')] })
    await expect(asked).rejects.toMatchObject({ kind: 'data' })
  })

  it.each<[string, VisualizeOptions]>([
    ['images of filters', { method: 'filters', index: [0] }],
    ['a square of gradients', { method: 'gradient', square: 3 }],
    ['a set beside files', { method: 'gradient', images: ['a.png'], split: 'test' }],
    ['a class that there is not', { method: 'grad-cam', class: 'daisy' }],
    ['a place beyond the classes', { method: 'grad-cam', class: 2 }],
    ['a layer that there is not', { method: 'activations', layer: 'nobody' }],
    ['a layer without maps', { method: 'grad-cam', layer: 'dense' }],
    ['maps of classes that there are not', { method: 'class-maps' }],
    ['a unit that there is not', { method: 'deconvnet', units: [99] }],
  ])('is refused for %s', async (_, options) => {
    await expect(run.visualize(options)).rejects.toMatchObject({ kind: 'option' })
  })

  it('is looked into by the functions of @convzoo/visualize/inside, which take a run as it is', async () => {
    const images = Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, index) => Math.sin(index))
    expect((await filters(run)).shape).toHaveLength(4)
    const maps = resized(await gradCam(run, { images }), [5, 7])
    expect(maps.values).toHaveLength(2 * 5 * 7)
    const projections = await deconvnet(run, { layer: 'conv2d', images, units: [0, 1] })
    expect(projections.map(({ unit }) => unit)).toEqual([0, 1])
  })
})
