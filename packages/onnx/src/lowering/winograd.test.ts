import type { ConvolutionAttributes } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { convolutionsInTiles, same } from '../../../../tools/convolutions-in-tiles.js'
import { tilingFor } from './winograd.js'

describe('tilingFor', () => {
  const tile = (
    taps: number,
    channels: number,
    filters: number,
    side: number,
    attributes: ConvolutionAttributes = same(taps),
  ) =>
    (['output', 'decidingOutput', 'inputGradient', 'kernelGradient'] as const).map(
      (purpose) =>
        tilingFor('cpu', purpose, [taps, taps, channels, filters], [32, side, side, filters], attributes)?.outputs,
    )

  it('filters in tiles where channels are many, in small ones what is decided by', () => {
    expect(tile(3, 384, 384, 13)).toEqual([5, 2, 5, 5])
    expect(tile(3, 384, 384, 3)).toEqual([3, 2, 3, 3])
    expect(tile(5, 96, 256, 27)).toEqual([3, undefined, 3, 3])
  })

  it('leaves to the plain convolution what has few channels, strides, dilations, groups or one tap', () => {
    const none = [undefined, undefined, undefined, undefined]
    expect(tile(3, 3, 64, 224)).toEqual(none)
    expect(tile(1, 384, 384, 13)).toEqual(none)
    for (const other of [{ strides: [2, 2] }, { dilations: [2, 2] }, { groups: 2 }] as const) {
      expect(tile(3, 384, 384, 13, { ...same(3), ...other })).toEqual(none)
    }
    expect(tilingFor('cpu', 'output', [3, 1, 384, 384], [32, 13, 13, 384], same(3))).toBeUndefined()
  })

  it.each(convolutionsInTiles)(
    '$title: has the gradient of its kernel in tiles',
    ({ shape, taps, filters, attributes }) => {
      const [batch, height, width, channels] = shape
      const { top, bottom, left, right } = attributes.padding
      const output = [batch, height + top + bottom - taps + 1, width + left + right - taps + 1, filters]
      expect(tilingFor('cpu', 'kernelGradient', [taps, taps, channels, filters], output, attributes)).toBeDefined()
    },
  )
})
