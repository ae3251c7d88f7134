import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/folders.js'
import { evaluationPlacement } from './placement.js'

interface Case {
  readonly from: readonly [width: number, height: number]
  readonly shorterSide: number
  readonly crop: number
  readonly to: readonly [width: number, height: number]
  readonly left: number
  readonly top: number
}

// torchvision's Resize and CenterCrop: bench/reference/pixels.py.
const { geometry }: { readonly geometry: readonly Case[] } = JSON.parse(
  readFileSync(fixture('pixels/expected.json'), 'utf8'),
)

describe('the centre of a picture', () => {
  it.each(geometry.map((each) => [`${each.from.join('×')}, ${each.shorterSide}, ${each.crop}`, each] as const))(
    'lies where torchvision has it: %s',
    (_, { from: [width, height], shorterSide, crop, to, left, top }) => {
      const preprocessing = { resize: 'bilinear', shorterSide, mean: [0], standardDeviation: [1] } as const
      const placement = evaluationPlacement({ width, height }, [crop, crop, 3], preprocessing)
      expect(placement).toEqual({ width: to[0], height: to[1], left, top })
    },
  )

  it('is rounded to the even pixel, and of the longer side the fraction is dropped', () => {
    const preprocessing = { resize: 'bilinear', shorterSide: 256, mean: [0], standardDeviation: [1] } as const
    // 333 × 500: 256 × 384.38; (256 − 227) / 2 = 14.5, (384 − 227) / 2 = 78.5.
    expect(evaluationPlacement({ width: 333, height: 500 }, [227, 227, 3], preprocessing)).toEqual({
      width: 256,
      height: 384,
      left: 14,
      top: 78,
    })
    // 500 × 334: 383.23 × 256; (383 − 228) / 2 = 77.5 becomes 78, (256 − 228) / 2 = 14.
    expect(evaluationPlacement({ width: 500, height: 334 }, [228, 228, 3], preprocessing)).toMatchObject({
      width: 383,
      left: 78,
      top: 14,
    })
  })
})
