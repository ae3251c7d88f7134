import { describe, expect, it } from 'vitest'
import { pngOf } from './png.js'

/** What the header of a PNG says. */
function readPng(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  expect([...png.subarray(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)))
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

const picture = (width: number, height: number, inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inner}</svg>`

describe('pngOf', () => {
  it('has the size of the picture', async () => {
    expect(readPng(await pngOf(picture(60, 20, '')))).toEqual({ width: 60, height: 20 })
  })

  it.each(['Times,serif', 'sans-serif', 'No Such Font'])(
    'draws text in %s, whatever fonts the machine has',
    async (family) => {
      const text = (letters: string) =>
        pngOf(picture(60, 20, `<text x="2" y="15" font-family="${family}" font-size="14">${letters}</text>`))
      const [empty, one, other] = await Promise.all([text(''), text('conv2d'), text('dense')])
      expect(Buffer.from(one ?? []).equals(Buffer.from(empty ?? []))).toBe(false)
      expect(Buffer.from(one ?? []).equals(Buffer.from(other ?? []))).toBe(false)
    },
  )

  it('makes very large pictures smaller, in proportion', async () => {
    expect(readPng(await pngOf(picture(32_000, 40, '')))).toEqual({ width: 16_000, height: 20 })
  })
})
