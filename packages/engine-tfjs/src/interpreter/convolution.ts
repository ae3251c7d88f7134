import type { Pair } from '@convzoo/core'
import { type ConvolutionAttributes, dilatedSize, noBorder } from '@convzoo/core/engine'
import { argument, type Kernels, type NodeOf, type Tensor } from './kernels.js'
import { cropImage, namedPadding, paddedSize, padImage, size4 } from './spatial.js'

/**
 * TensorFlow's kernels compute a convolution and its two gradients. What they lack is added here with few other kernels: groups are
 * convolved one by one, a border that is neither VALID nor SAME is made beforehand, and a dilated kernel, whose gradients they
 * ignore, becomes a larger one with zeros in between.
 */
export function convolution(kernels: Kernels, node: NodeOf<'conv2d'>, args: readonly Tensor[]): Tensor {
  const [x, kernel] = [argument(args, 0), argument(args, 1)]
  const { attributes } = node
  const { dilations } = attributes
  return grouped(kernels, attributes.groups, [x, kernel], (images, filter) => {
    const [, height, width] = size4(images)
    const [kh, kw] = size4(filter)
    const reach: Pair = [dilatedSize(kh, dilations[0]), dilatedSize(kw, dilations[1])]
    const pad = namedPadding(attributes, [height, width], reach)
    const image = pad === undefined ? padImage(kernels, images, attributes.padding) : images
    return kernels.run('Conv2D', { x: image, filter }, { ...moves(attributes, pad ?? 'valid'), dilations })
  })
}

export function inputGradient(kernels: Kernels, node: NodeOf<'conv2dInputGradient'>, args: readonly Tensor[]): Tensor {
  const { attributes, shape } = node
  const [dy, kernel] = [argument(args, 0), argument(args, 1)]
  return grouped(kernels, attributes.groups, [dy, kernel], (gradient, filters) => {
    const dense = spread(kernels, filters, attributes.dilations)
    const [kh, kw] = size4(dense)
    const [batch, height, width, channels] = size4({ shape })
    const pad = namedPadding(attributes, [height, width], [kh, kw])
    const border = pad === undefined ? attributes.padding : noBorder
    const inputShape = [batch, ...paddedSize([height, width], border), channels / attributes.groups]
    const dx = kernels.run(
      'Conv2DBackpropInput',
      { dy: gradient, filter: dense },
      { ...moves(attributes, pad ?? 'valid'), inputShape },
    )
    return cropImage(kernels, dx, border, [height, width])
  })
}

export function kernelGradient(
  kernels: Kernels,
  node: NodeOf<'conv2dKernelGradient'>,
  args: readonly Tensor[],
): Tensor {
  const { attributes, shape } = node
  const [x, dy] = [argument(args, 0), argument(args, 1)]
  const [kh, kw, groupChannels, filters] = size4({ shape })
  const [dilationH, dilationW] = attributes.dilations
  const dense: Pair = [dilatedSize(kh, dilationH), dilatedSize(kw, dilationW)]
  return grouped(kernels, attributes.groups, [x, dy], (images, gradient) => {
    const [, height, width] = size4(images)
    const pad = namedPadding(attributes, [height, width], dense)
    const image = pad === undefined ? padImage(kernels, images, attributes.padding) : images
    const filterShape = [...dense, groupChannels, filters / attributes.groups]
    const dk = kernels.run(
      'Conv2DBackpropFilter',
      { x: image, dy: gradient },
      { ...moves(attributes, pad ?? 'valid'), filterShape },
    )
    return gather(kernels, dk, [kh, kw], attributes.dilations)
  })
}

const moves = ({ strides }: ConvolutionAttributes, pad: 'valid' | 'same') => ({
  strides,
  pad,
  dataFormat: 'NHWC',
  dimRoundingMode: 'floor',
})

/** Computes group by group on the last axis of both tensors, and puts the results side by side. */
function grouped(
  kernels: Kernels,
  groups: number,
  [a, b]: readonly [Tensor, Tensor],
  compute: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  if (groups === 1) return compute(a, b)
  const part = (x: Tensor, group: number): Tensor => {
    const [n, h, w, c] = size4(x)
    return kernels.slice(x, [0, 0, 0, (group * c) / groups], [n, h, w, c / groups])
  }
  const results = Array.from({ length: groups }, (_, group) => compute(part(a, group), part(b, group)))
  return kernels.run('Concat', results, { axis: 3 })
}

/** A kernel with zeros between its elements: what a dilated convolution multiplies with. */
function spread(kernels: Kernels, kernel: Tensor, [dilationH, dilationW]: Pair): Tensor {
  if (dilationH === 1 && dilationW === 1) return kernel
  const [kh, kw, channels, filters] = size4(kernel)
  const cells = kernels.reshape(kernel, [kh, 1, kw, channels * filters])
  const rows = kernels.pad(cells, [none, [0, dilationH - 1], none, none])
  const columns = kernels.pad(kernels.reshape(rows, [kh * dilationH, kw, 1, channels * filters]), [
    none,
    none,
    [0, dilationW - 1],
    none,
  ])
  const whole = kernels.reshape(columns, [kh * dilationH, kw * dilationW, channels, filters])
  return kernels.slice(whole, [0, 0, 0, 0], [dilatedSize(kh, dilationH), dilatedSize(kw, dilationW), channels, filters])
}

const none: Pair = [0, 0]

/** The elements of a spread kernel that are not between others. */
function gather(kernels: Kernels, kernel: Tensor, [kh, kw]: Pair, [dilationH, dilationW]: Pair): Tensor {
  if (dilationH === 1 && dilationW === 1) return kernel
  const [, , channels, filters] = size4(kernel)
  const inner = channels * filters
  const whole = kernels.pad(kernel, [[0, dilationH - 1], [0, dilationW - 1], none, none])
  const rows = kernels.slice(
    kernels.reshape(whole, [kh, dilationH, kw * dilationW, inner]),
    [0, 0, 0, 0],
    [kh, 1, kw * dilationW, inner],
  )
  const columns = kernels.slice(kernels.reshape(rows, [kh, kw, dilationW, inner]), [0, 0, 0, 0], [kh, kw, 1, inner])
  return kernels.reshape(columns, [kh, kw, channels, filters])
}
