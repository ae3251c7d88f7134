import type { Shape } from '@convzoo/core'
import type { Ops, Value } from '@convzoo/core/define'
import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { isProduct, productOf } from '../products.js'
import { blockTiles, deepest } from './block-tile.js'
import type { TiledProduct } from './product.js'
import { planOf, tiledProduct } from './tiled-product.js'

/** The product of two inputs of these shapes. */
function product(a: Shape, b: Shape, build: (ops: Ops, a: Value, b: Value) => Value): TiledProduct {
  const builder = new GraphBuilder()
  const x = builder.input('x', { shape: a, dtype: 'float32' })
  const y = builder.input('y', { shape: b, dtype: 'float32' })
  builder.output('z', build(opsFor(builder), x, y))
  const node = builder.finish('product').nodes.find(isProduct)
  if (node === undefined) throw new Error('There is no product.')
  return productOf(node, { shape: a }, { shape: b })
}

const square = (size: number, top: number) => ({
  strides: [1, 1] as const,
  padding: { top, bottom: top, left: top, right: top },
  dilations: [1, 1] as const,
  groups: 1,
  imageSize: [size, size] as const,
  kernelSize: [2 * top + 1, 2 * top + 1] as const,
})

/** Rows and columns of a tile, and into how many parts the sum falls. */
function planned(...of: Parameters<typeof product>): readonly number[] {
  const { tile, parts } = planOf(product(...of))
  return [tile.rows, tile.columns, parts]
}

const { imageSize, kernelSize, ...third } = square(13, 1)

// Of AlexNet for a batch of 128 images of 227 × 227.
describe('a product on a GPU', () => {
  it('of many large tiles is computed whole', () => {
    expect(planned([128, 13, 13, 256], [3, 3, 256, 384], (ops, x, w) => ops.conv2d(x, w, third))).toEqual([128, 128, 1])
    expect(planned([128, 9216], [128, 4096], (ops, x, dy) => ops.matMul(x, dy, { transposeA: true }))).toEqual([
      ...[128, 128],
      1,
    ])
  })

  it('of 96 columns has tiles as wide', () => {
    const attributes = { strides: [4, 4], padding: square(0, 0).padding, dilations: [1, 1], groups: 1 } as const
    const plan = planned([128, 227, 227, 3], [11, 11, 3, 96], (ops, x, w) => ops.conv2d(x, w, attributes))
    expect(plan).toEqual([128, 96, 1])
  })

  it('of few tiles and a long sum falls into parts, which keep it busy', () => {
    expect(planned([128, 9216], [9216, 4096], (ops, x, w) => ops.matMul(x, w))).toEqual([128, 128, 31])
    const gradient = planned([128, 13, 13, 384], [128, 13, 13, 256], (ops, x, dy) =>
      ops.conv2dKernelGradient(x, dy, { ...third, kernelSize }),
    )
    expect(gradient).toEqual([128, 128, 19])
    expect(
      planned([128, 13, 13, 384], [3, 3, 256, 384], (ops, dy, w) =>
        ops.conv2dInputGradient(dy, w, { ...third, imageSize }),
      ),
    ).toEqual([128, 128, 3])
  })

  it('of few rows has tiles as narrow', () => {
    expect(planned([8, 400], [400, 120], (ops, x, w) => ops.matMul(x, w))).toEqual([8, 64, 1])
  })

  it('keeps its strips in the 16 KiB that WebGPU promises a workgroup', () => {
    for (const tile of blockTiles) expect((tile.rows + tile.columns) * deepest * 4).toBeLessThanOrEqual(16_384)
  })

  it('has workgroups of at most 256 threads, and at most 65,535 of them on an axis', () => {
    const large = product([10_000_000, 4], [4, 40], (ops, x, w) => ops.matMul(x, w))
    const { workgroup, groups } = tiledProduct(large, planOf(large))
    expect(workgroup.reduce((size, length) => size * length)).toBeLessThanOrEqual(256)
    expect(Math.max(...groups)).toBeLessThanOrEqual(65_535)
    expect(groups[1] * groups[2] * 128).toBeGreaterThanOrEqual(10_000_000)
  })
})
