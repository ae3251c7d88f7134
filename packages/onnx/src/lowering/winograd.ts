import type { Pair, Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { axisLength, type ConvolutionAttributes } from '@convzoo/core/engine'
import type { Emitter, Target } from './emitter.js'
import type { KernelGradientProduct } from './gradient-product.js'
import { minimalFiltering, mostPoints } from './minimal-filtering.js'

type Matrix = readonly (readonly number[])[]

/** The tiles of an image in each of which a kernel of taps × taps gives outputs × outputs cells. */
export interface Tiling {
  readonly outputs: number
  readonly taps: number
  /** Tiles on each axis. */
  readonly tiles: Pair
  /** Cells of padding before the first of the image. */
  readonly before: Pair
  /** The size of what comes out. */
  readonly size: Pair
}

/** What it costs to transform one number, in multiplications of the products between: as measured. */
const transformCost = 40

/** The same for one weight that `Conv` wants in another order. */
const reorderCost = 200

/** What is computed in tiles: an output, and whether something is decided by it ({@link Emitter.decides}), or a gradient. */
type Purpose = 'output' | 'decidingOutput' | 'inputGradient' | 'kernelGradient'

/**
 * How many points an axis may have. With 4 a result is about as exact as a plain sum; with 7 it is off by 5e-6 of what is usual in it, and by up
 * to 1e-4 of that. That does no harm to a gradient, nor to probabilities, which are as far from exact ones with either. But an output by which
 * it is decided which units pass and which cell of a window is the largest must be exact: one wrong decision changes gradients by more than
 * rounding ever does.
 */
const pointLimits: Readonly<Record<Purpose, number>> = {
  output: mostPoints,
  decidingOutput: 4,
  inputGradient: mostPoints,
  kernelGradient: mostPoints,
}

/**
 * The tiling by which a convolution or a gradient of it costs least, unless the plain one costs less. It depends on shapes alone, so that a
 * program computes the same on each run. A GPU's library chooses its algorithms by itself.
 *
 * @param kernel [kh, kw, C, F]
 * @param slid [N, H, W, ·], the positions of the window: those of the output, or of the input's gradient.
 */
export function tilingFor(
  target: Target,
  purpose: Purpose,
  kernel: Shape,
  slid: Shape,
  { strides, dilations, groups, padding }: ConvolutionAttributes,
): Tiling | undefined {
  const [taps = 1, width = 1, channels = 1, filters = 1] = kernel
  const [batch = 1, ...sides] = slid
  const size: Pair = [sides[0] ?? 1, sides[1] ?? 1]
  const plain = groups === 1 && [...strides, ...dilations].every((step) => step === 1)
  if (target !== 'cpu' || !plain || taps !== width || taps === 1) return undefined
  let best: Tiling | undefined
  let least = taps ** 2 * (batch * sizeOf(size) + (purpose === 'kernelGradient' ? 0 : reorderCost))
  for (let outputs = 2; outputs + taps - 1 <= pointLimits[purpose]; outputs++) {
    const tiles: Pair = [Math.ceil(size[0] / outputs), Math.ceil(size[1] / outputs)]
    const columns = batch * sizeOf(tiles) * (1 + transformCost / channels + transformCost / filters)
    const cost = (outputs + taps - 1) ** 2 * (columns + transformCost)
    if (cost < least) {
      least = cost
      best = { outputs, taps, tiles, before: [padding.top, padding.left], size }
    }
  }
  return best
}

const points = ({ outputs, taps }: Tiling): number => outputs + taps - 1
const transposed = (matrix: Matrix): number[][] =>
  (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0))

/** The products of each element of one matrix with each of the other: what transforms both axes at once. */
function kronecker(matrix: Matrix): number[][] {
  return matrix.flatMap((row) => matrix.map((other) => row.flatMap((a) => other.map((b) => a * b))))
}

function constant(emitter: Emitter, matrix: Matrix): string {
  return emitter.writer.floats(matrix.flat(), [matrix.length, matrix[0]?.length ?? 0])
}

/**
 * [N, H, W, C] → [points², tiles, C]: each tile's cells, transformed on both axes. A product with one matrix for each axis cuts the tiles,
 * pads them and transforms them.
 */
function transformTiles(
  emitter: Emitter,
  id: number,
  matrix: Matrix,
  { tiles, outputs }: Tiling,
  before: Pair,
): string {
  const { writer } = emitter
  const { shape } = emitter.node(id)
  const [batch = 1, height = 1, width = 1, channels = 1] = shape
  const [rows, columns] = tiles
  const count = matrix.length
  const cut = (along: number, length: number, first: number): number[] =>
    matrix.flatMap((row) =>
      Array.from({ length: along }, (_, tile) =>
        Array.from({ length }, (_, cell) => row[cell + first - tile * outputs] ?? 0),
      ).flat(),
    )
  const images = writer.node('Reshape', [emitter.plain(id), writer.integers([1, batch, height, width * channels])])
  const down = writer.node('MatMul', [writer.floats(cut(rows, height, before[0]), [count, 1, rows, height]), images])
  const lines = writer.node('Reshape', [down, writer.integers([count, 1, batch * rows, width, channels])])
  const across = writer.node('MatMul', [
    writer.floats(cut(columns, width, before[1]), [1, count, 1, columns, width]),
    lines,
  ])
  return writer.node('Reshape', [across, writer.integers([count * count, batch * rows * columns, channels])])
}

/** The transformed input, which a convolution and the gradient of its kernel share. */
function transformedInput(emitter: Emitter, x: number, tiling: Tiling): string {
  return emitter.once(`${x} tiles ${JSON.stringify(tiling)}`, () =>
    transformTiles(emitter, x, minimalFiltering(tiling.outputs, tiling.taps).input, tiling, tiling.before),
  )
}

/** [k, k, C, F] → [points², C, F]. */
function transformedKernel(emitter: Emitter, kernel: number, { outputs, taps }: Tiling, turned: boolean): string {
  const { writer } = emitter
  const matrix = kronecker(minimalFiltering(outputs, taps).kernel)
  const [, , channels = 1, filters = 1] = emitter.node(kernel).shape
  const rows = writer.node('Reshape', [emitter.plain(kernel), writer.integers([taps * taps, channels * filters])])
  const product = writer.node('MatMul', [
    constant(emitter, turned ? matrix.map((row) => row.toReversed()) : matrix),
    rows,
  ])
  return writer.node('Reshape', [product, writer.integers([matrix.length, channels, filters])])
}

/** [points², tiles, C] → [N, H, W, C]. */
function untransformed(emitter: Emitter, products: string, batch: number, channels: number, tiling: Tiling): string {
  const { writer } = emitter
  const { outputs, taps, tiles, size } = tiling
  const inTile = batch * tiles[0] * tiles[1]
  const matrix = kronecker(minimalFiltering(outputs, taps).output)
  const flat = writer.node('Reshape', [products, writer.integers([points(tiling) ** 2, inTile * channels])])
  const cells = writer.node('MatMul', [constant(emitter, matrix), flat])
  const rows = writer.node('Reshape', [cells, writer.integers([outputs * outputs * inTile, channels])])
  const order: number[] = []
  for (let image = 0; image < batch; image++)
    for (let i = 0; i < size[0]; i++)
      for (let j = 0; j < size[1]; j++) {
        const place = (i % outputs) * outputs + (j % outputs)
        const tile = (image * tiles[0] + Math.floor(i / outputs)) * tiles[1] + Math.floor(j / outputs)
        order.push(place * inTile + tile)
      }
  const gathered = writer.node('Gather', [rows, writer.integers(order)], { axis: 0 })
  return writer.node('Reshape', [gathered, writer.integers([batch, ...size, channels])])
}

export function winogradConvolution(emitter: Emitter, x: number, kernel: number, tiling: Tiling): string {
  const [batch = 1] = emitter.node(x).shape
  const input = transformedInput(emitter, x, tiling)
  const products = emitter.writer.node('MatMul', [input, transformedKernel(emitter, kernel, tiling, false)])
  return untransformed(emitter, products, batch, axisLength(emitter.node(kernel).shape, 3), tiling)
}

/** A convolution of dy with the kernel turned by 180°, its channels exchanged. */
export function winogradInputGradient(emitter: Emitter, dy: number, kernel: number, tiling: Tiling): string {
  const { writer } = emitter
  const [batch = 1] = emitter.node(dy).shape
  const turned = writer.node('Transpose', [transformedKernel(emitter, kernel, tiling, true)], { perm: [0, 2, 1] })
  const products = writer.node('MatMul', [transformedInput(emitter, dy, tiling), turned])
  return untransformed(emitter, products, batch, axisLength(emitter.node(kernel).shape, 2), tiling)
}

/** The products of transformed tiles, summed over all tiles, and the matrix that turns them into the kernel's gradient. */
export function winogradKernelGradient(
  emitter: Emitter,
  x: number,
  dy: number,
  tiling: Tiling,
  scaled: (factor: string) => string,
): KernelGradientProduct {
  const { writer } = emitter
  const { kernel, output } = minimalFiltering(tiling.outputs, tiling.taps)
  const input = writer.node('Transpose', [transformedInput(emitter, x, tiling)], { perm: [0, 2, 1] })
  const gradient = transformTiles(emitter, dy, transposed(output), tiling, [0, 0])
  const products = writer.node('MatMul', [input, gradient])
  const length = axisLength(emitter.node(x).shape, 3) * axisLength(emitter.node(dy).shape, 3)
  return {
    left: scaled(constant(emitter, transposed(kronecker(kernel)))),
    right: writer.node('Reshape', [products, writer.integers([points(tiling) ** 2, length])]),
    transposed: false,
    rows: tiling.taps ** 2,
  }
}
