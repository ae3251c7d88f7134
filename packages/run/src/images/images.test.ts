import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectData, openRun, previewData, train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
const quiet = { onWarning: () => undefined }
let flowers = ''
beforeAll(async () => {
  flowers = await project.pictures()
  project.write('flowers/rose/broken.png', 'no picture')
})
afterAll(() => project[Symbol.dispose]())

/** Width and height of a PNG, from its header. */
function sizeOf(png: Uint8Array | undefined): readonly number[] {
  const bytes = Buffer.from(png ?? [])
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

describe('a source of images, in a program', () => {
  it('is inspected by one call, with a sheet where that is asked for', async () => {
    const progress: string[] = []
    const report = await inspectData(flowers, {
      ...quiet,
      validationSplit: 0.4,
      sheet: true,
      onProgress: ({ what, done, total }) => progress.push(`${what} ${done} of ${total}`),
    })
    expect(report.train.perClass).toEqual({ rose: 4, tulip: 3 })
    expect(report.validation?.images).toBe(3)
    expect([report.train, report.validation].flatMap((split) => split?.bad ?? [])).toMatchObject([
      { name: expect.stringContaining('broken.png') },
    ])
    expect(progress.at(-1)).toBe('inspected 11 of 11')
    // Seven images of 96 pixels, four between them.
    expect(sizeOf(report.sheet)).toEqual([4 + 7 * 100, 104])
    expect((await inspectData(flowers, quiet)).sheet).toBeUndefined()
  })

  it('is inspected only where it has files', async () => {
    await expect(inspectData('mnist', quiet)).rejects.toThrow('mnist holds no image files to inspect')
  })

  it('is seen as a network will see it', async () => {
    const { png, images, epochs } = await previewData(flowers, {
      ...quiet,
      network: 'tiny',
      input: [16, 24, 3],
      augment: 'horizontalFlip',
      images: 3,
      epochs: 2,
    })
    expect([images, epochs]).toEqual([3, 2])
    expect(sizeOf(png)).toEqual([4 + 2 * 28, 4 + 3 * 20])
  })
})

describe('the mistakes of a run, in a program', () => {
  it('are drawn by one call, each with its class and what it was seen as', async () => {
    const folder = project.path('runs/mistaken')
    await train(tinyConfig(flowers), { ...quiet, folder })
    // Pictures as the network knows them, each class under the name of the other.
    const swapped = await project.pictures({ classes: ['tulip', 'rose'], into: 'swapped' })
    const run = await openRun(folder, { ...quiet, engine: 'onnx' })
    const evaluation = await run.evaluate(swapped, { mistakes: 3 })
    const mistakes = evaluation.mistakes ?? []
    expect(mistakes).toHaveLength(3)
    const png = await run.drawMistakes({ ...evaluation, mistakes })
    // Images of 8 pixels, 21 times as large so that text has room, four between them, a footer of 2.
    expect(sizeOf(png)).toEqual([21 * (4 + 12 * 3), 21 * (4 + 14)])
    expect(await run.drawMistakes({ ...evaluation, mistakes: [] })).toBeUndefined()
    const asked = await run.evaluate(swapped)
    await expect(run.drawMistakes(asked as never)).rejects.toMatchObject({
      kind: 'option',
      expected: expect.stringContaining('mistakes: 40'),
    })
    await run.dispose()
  })
})
