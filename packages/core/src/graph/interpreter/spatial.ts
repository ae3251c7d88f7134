import { axis4 } from '../inference.js'
import type { ConvolutionAttributes } from '../primitives.js'
import { accumulate, allocate, read, type Tensor } from './tensor.js'

/** Calls `visit` for every multiplication of a convolution with the places of the three numbers involved. */
function eachProduct(
  x: Tensor,
  kernel: Tensor,
  y: Tensor,
  attributes: ConvolutionAttributes,
  visit: (x: number, kernel: number, y: number) => void,
): void {
  const [batch, height, width, channels] = axis4(x.shape)
  const [kh, kw, groupChannels, filters] = axis4(kernel.shape)
  const [, oh, ow] = axis4(y.shape)
  const { strides, padding, dilations, groups } = attributes
  const groupFilters = filters / groups
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < oh; i++)
      for (let j = 0; j < ow; j++)
        for (let p = 0; p < kh; p++) {
          const row = i * strides[0] + p * dilations[0] - padding.top
          if (row < 0 || row >= height) continue
          for (let q = 0; q < kw; q++) {
            const column = j * strides[1] + q * dilations[1] - padding.left
            if (column < 0 || column >= width) continue
            for (let filter = 0; filter < filters; filter++) {
              const first = Math.floor(filter / groupFilters) * groupChannels
              for (let c = 0; c < groupChannels; c++) {
                visit(
                  ((n * height + row) * width + column) * channels + first + c,
                  ((p * kw + q) * groupChannels + c) * filters + filter,
                  ((n * oh + i) * ow + j) * filters + filter,
                )
              }
            }
          }
        }
}

export function conv2d(out: Tensor, x: Tensor, kernel: Tensor, attributes: ConvolutionAttributes): void {
  accumulate(out, (sums) =>
    eachProduct(x, kernel, out, attributes, (xi, ki, yi) => {
      sums[yi] = read(sums, yi) + read(x.data, xi) * read(kernel.data, ki)
    }),
  )
}

export function conv2dInputGradient(out: Tensor, dy: Tensor, kernel: Tensor, attributes: ConvolutionAttributes): void {
  accumulate(out, (sums) =>
    eachProduct(out, kernel, dy, attributes, (xi, ki, yi) => {
      sums[xi] = read(sums, xi) + read(dy.data, yi) * read(kernel.data, ki)
    }),
  )
}

export function conv2dKernelGradient(out: Tensor, x: Tensor, dy: Tensor, attributes: ConvolutionAttributes): void {
  accumulate(out, (sums) =>
    eachProduct(x, out, dy, attributes, (xi, ki, yi) => {
      sums[ki] = read(sums, ki) + read(x.data, xi) * read(dy.data, yi)
    }),
  )
}

export function matMul(out: Tensor, a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): void {
  const [rows = 1, columns = 1] = out.shape
  const inner = a.data.length / rows
  const left = transposeA ? transposed(a) : a.data
  const right = transposeB ? transposed(b) : b.data
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let k = 0; k < inner; k++) sum += read(left, i * inner + k) * read(right, k * columns + j)
      out.data[i * columns + j] = sum
    }
}

function transposed(x: Tensor): Tensor['data'] {
  const [rows = 1, columns = 1] = x.shape
  const { data } = allocate([columns, rows], x.dtype, 'float64')
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) data[j * rows + i] = read(x.data, i * columns + j)
  return data
}
