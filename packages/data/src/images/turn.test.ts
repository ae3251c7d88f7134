import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { storedPart, storedSize, turned } from './turn.js'

const stored = { width: 7, height: 4 }

/** A picture each of whose values is another one. */
function pictureOf(channels: 1 | 3) {
  return { ...stored, channels, data: Uint8Array.from({ length: 7 * 4 * channels }, (_, at) => at) }
}

describe('a picture that EXIF turns', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is seen as sharp turns it, in every part: %i', async (orientation) => {
    for (const channels of [1, 3] as const) {
      const picture = pictureOf(channels)
      const image = sharp(picture.data, { raw: { ...stored, channels } })
      const png = await image.withMetadata({ orientation }).png().toBuffer()
      const { data, info } = await sharp(png)
        .autoOrient()
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer({ resolveWithObject: true })
      expect(storedSize(info, orientation)).toEqual(stored)
      for (const part of [
        { left: 0, top: 0, width: info.width, height: info.height },
        { left: 1, top: 2, width: 3, height: 1 },
        { left: 2, top: 0, width: 1, height: 3 },
      ]) {
        const { left, top, width, height } = storedPart(info, part, orientation)
        // What is not said to be needed of the file is not there.
        const needed = picture.data.map((value, at) => {
          const pixel = Math.floor(at / channels)
          const [x, y] = [pixel % 7, Math.floor(pixel / 7)]
          return x >= left && x < left + width && y >= top && y < top + height ? value : 255
        })
        const made = turned({ ...picture, data: needed }, part, orientation)
        expect([made.width, made.height]).toEqual([info.width, info.height])
        for (let y = part.top; y < part.top + part.height; y++) {
          const from = (y * info.width + part.left) * channels
          const to = from + part.width * channels
          expect([...made.data.subarray(from, to)]).toEqual([...data.subarray(from, to)])
        }
      }
    }
  })
})
