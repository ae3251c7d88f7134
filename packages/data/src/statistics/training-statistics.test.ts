import { openData, trainingStatistics } from '@convzoo/data'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photograph, temporaryFolder, writeFiles } from '../testing/folders.js'

const folder = temporaryFolder(afterAll)

/** A PNG of red, green and blue bytes. */
const png = (
  width: number,
  height: number,
  of: (row: number, column: number) => readonly number[],
): Promise<Buffer> => {
  const pixels = Array.from({ length: width * height }, (_, at) => of(Math.floor(at / width), at % width)).flat()
  return sharp(Buffer.from(pixels), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

beforeAll(async () => {
  writeFiles(folder, {
    'small/train/a/across.png': await png(2, 2, (_, column) => [column * 255, 0, 51]),
    'small/train/b/down.png': await png(2, 2, (row) => [row * 255, 0, 102]),
    'small/train/b/broken.png': 'no image',
    'small/val/a/white.png': await png(2, 2, () => [255, 255, 255]),
  })
  for (let seed = 0; seed < 70; seed++) {
    const name = seed % 2 === 0 ? 'a' : 'b'
    writeFiles(folder, { [`many/train/${name}/${seed}.jpg`]: await photograph(40 + seed, 90 - seed, seed) })
  }
  writeFiles(folder, { 'many/val/a/0.jpg': await photograph(40, 40), 'many/val/b/0.jpg': await photograph(40, 40) })
})

const many = (workers: number, more: Parameters<typeof trainingStatistics>[2] = {}) =>
  openData(`${folder}/many`).then((source) =>
    trainingStatistics(
      source,
      {
        imageShape: [16, 16, 3],
        preprocessing: { resize: 'bilinear', shorterSide: 20, mean: [9], standardDeviation: [9] },
        workers,
      },
      more,
    ),
  )

describe('the statistics of training images', () => {
  it('are the mean image, and mean and deviation of the channels, of values in [0, 1], of those that can be read', async () => {
    const source = await openData(`${folder}/small`)
    const augmentation = [{ type: 'horizontalFlip', probability: 1 }] as const
    const { images, meanImage, mean, standardDeviation } = await trainingStatistics(source, {
      imageShape: [2, 2, 3],
      preprocessing: { resize: 'bilinear', mean: [0.5], standardDeviation: [0.1], augmentation },
      maxBad: 1,
    })
    expect(images).toBe(2)
    // Red: 0 1 / 0 1 and 0 0 / 1 1. Blue: 0.2 and 0.4.
    const expected = [0, 0.5, 0.5, 1].flatMap((red) => [red, 0, 0.3])
    expect([...meanImage].map((value) => value.toFixed(6))).toEqual(expected.map((value) => value.toFixed(6)))
    const rounded = (values: readonly number[]) => values.map((value) => value.toFixed(6))
    expect(rounded(mean)).toEqual(rounded([0.5, 0, 0.3]))
    expect(rounded(standardDeviation)).toEqual(rounded([0.5, 0, 0.1]))
  })

  it('are the same bits for any number of workers, at the place that an evaluation sees', async () => {
    const one = await many(1)
    expect(one.images).toBe(70)
    expect(await many(3)).toEqual(one)
    const source = await openData(`${folder}/many`)
    const preprocessing = { resize: 'bilinear', shorterSide: 20, mean: [0], standardDeviation: [1] } as const
    const dataset = await source.load('train', { imageShape: [16, 16, 3], preprocessing })
    const all = await dataset.batch(Array.from({ length: 70 }, (_, index) => index))
    await dataset.dispose?.()
    const size = 16 * 16 * 3
    const byHand = Array.from({ length: size }, (_, at) => {
      const values = Array.from({ length: 70 }, (_image, row) => all.images[row * size + at] ?? Number.NaN)
      return values.reduce((sum, value) => sum + value, 0) / 70
    })
    expect([...one.meanImage]).toEqual([...Float32Array.from(byHand)])
  })

  it('tell how far they are, and stop when they should', async () => {
    const told: string[] = []
    await many(2, { onProgress: (done, total) => told.push(`${done}/${total}`) })
    expect(told).toEqual(['32/70', '64/70', '70/70'])
    const controller = new AbortController()
    const reason = new Error('enough')
    const stopped = many(2, { signal: controller.signal, onProgress: () => controller.abort(reason) })
    await expect(stopped).rejects.toBe(reason)
  })
})
