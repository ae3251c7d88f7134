import type { Pair, Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { GraphBuilder, interpret, opsFor } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import type { Convolution } from './convolutions.js'
import { foldedConvolution } from './folding.js'

interface Case {
  readonly title: string
  readonly image: Shape
  readonly kernel: Shape
  readonly strides: Pair
  readonly before: Pair
}

function operatorOf({ image, kernel, strides, before }: Case): Convolution {
  const side = (axis: 1 | 2): number =>
    Math.floor(((image[axis] ?? 1) + 2 * (before[axis - 1] ?? 0) - (kernel[axis] ?? 1)) / (strides[axis - 1] ?? 1)) + 1
  const shape = [image[0] ?? 1, side(1), side(2), kernel[0] ?? 1]
  return {
    kind: 'convolution',
    type: 'one',
    takes: { count: 2, dtype: 'float32' },
    gives: [{ shape, dtype: 'float32' }],
    layout: 'channelsLast',
    ...{ image, kernel, strides, before, dilations: [1, 1], groups: 1, bias: false, relu: false },
  }
}

/** What the kernel `fold` does: blocks of size × size pixels become one, and what lies beyond the image is 0. */
function folded(data: ArrayLike<number>, to: Shape, folding: readonly number[]): Float32Array {
  const [height = 1, width = 1, channels = 1, rows = 1, columns = 1, size = 1, top = 0, left = 0] = folding
  const all = size * size * channels
  return Float32Array.from({ length: sizeOf(to) }, (_, index) => {
    const [channel, place] = [index % channels, Math.floor((index % all) / channels)]
    const cell = Math.floor(index / all)
    const row = (Math.floor(cell / columns) % rows) * size + Math.floor(place / size) - top
    const column = (cell % columns) * size + (place % size) - left
    const isInside = row >= 0 && row < height && column >= 0 && column < width
    const plane = Math.floor(cell / (rows * columns))
    return isInside ? (data[((plane * height + row) * width + column) * channels + channel] ?? 0) : 0
  })
}

/** A convolution by core's interpreter. */
function computed({ image, kernel, strides, before }: Omit<Case, 'title'>, x: Float32Array, k: Float32Array) {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const padding = { top: before[0], bottom: before[0], left: before[1], right: before[1] }
  const images = builder.input('x', { shape: image, dtype: 'float32' })
  const kernels = ops.transpose(builder.input('k', { shape: kernel, dtype: 'float32' }), [1, 2, 3, 0])
  builder.output('y', ops.conv2d(images, kernels, { strides, padding, dilations: [1, 1], groups: 1 }))
  const { y } = interpret(builder.finish('one'), { inputs: { x, k }, state: new Map() }).outputs
  return y
}

const whole = (shape: Shape): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, (_, at) => ((at * 7) % 11) - 5)

describe('a folded convolution', () => {
  it.each<Case>([
    { title: "AlexNet's first", image: [1, 35, 35, 3], kernel: [2, 11, 11, 3], strides: [4, 4], before: [0, 0] },
    { title: "ResNet's first", image: [2, 20, 17, 3], kernel: [3, 7, 7, 3], strides: [2, 2], before: [3, 3] },
    {
      title: 'rows that no window ends at',
      image: [1, 16, 18, 1],
      kernel: [2, 6, 4, 1],
      strides: [4, 4],
      before: [1, 2],
    },
  ])('is the one that it stands for: $title', (given) => {
    const { operator, image, kernel } = foldedConvolution(operatorOf(given)) ?? {}
    if (operator?.kind !== 'convolution' || image === undefined || kernel === undefined) throw new Error('not folded')
    const [x, k] = [whole(given.image), whole(given.kernel)]
    const wanted = computed(given, x, k)
    const got = computed(operator, folded(x, image.shape, image.folding), folded(k, kernel.shape, kernel.folding))
    expect(got?.shape).toEqual(wanted?.shape)
    expect(got?.data).toEqual(wanted?.data)
  })

  it('has four times four pixels of three channels for one of AlexNet', () => {
    const first = {
      title: '',
      image: [128, 227, 227, 3],
      kernel: [96, 11, 11, 3],
      strides: [4, 4],
      before: [0, 0],
    } as const
    const found = foldedConvolution(operatorOf(first))
    expect([found?.image.shape, found?.kernel.shape]).toEqual([
      [128, 57, 57, 48],
      [96, 3, 3, 48],
    ])
  })

  it.each([
    { title: 'channels in fours', image: [1, 9, 9, 4], kernel: [2, 3, 3, 4], strides: [2, 2] },
    { title: 'no strides', image: [1, 9, 9, 3], kernel: [2, 3, 3, 3], strides: [1, 1] },
    { title: 'kernels that would be mostly zeros', image: [1, 9, 9, 3], kernel: [2, 1, 1, 3], strides: [2, 2] },
    { title: 'other strides on each side', image: [1, 9, 9, 3], kernel: [2, 4, 4, 3], strides: [2, 4] },
  ] as const)('is not what is made of $title', ({ title, image, kernel, strides }) => {
    expect(foldedConvolution(operatorOf({ title, image, kernel, strides, before: [0, 0] }))).toBeUndefined()
  })
})
