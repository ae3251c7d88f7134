import { axis4 } from '../inference.js'
import type { PoolAttributes } from '../primitives.js'
import { accumulate, read, type Tensor } from './tensor.js'

/** Calls `visit` for each window, in the order of the output, with the places of its cells in the image, row by row, without padding. */
function eachWindow(
  imageShape: readonly number[],
  outputShape: readonly number[],
  { size, strides, padding }: PoolAttributes,
  visit: (output: number, cells: readonly number[]) => void,
): void {
  const [batch, height, width, channels] = axis4(imageShape)
  const [, oh, ow] = axis4(outputShape)
  let output = 0
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < oh; i++)
      for (let j = 0; j < ow; j++)
        for (let c = 0; c < channels; c++, output++) {
          const cells: number[] = []
          for (let p = 0; p < size[0]; p++) {
            const row = i * strides[0] + p - padding.top
            if (row < 0 || row >= height) continue
            for (let q = 0; q < size[1]; q++) {
              const column = j * strides[1] + q - padding.left
              if (column >= 0 && column < width) cells.push(((n * height + row) * width + column) * channels + c)
            }
          }
          visit(output, cells)
        }
}

/** The place of the largest of these cells, the first where several are equal. */
const winner = (x: Tensor, cells: readonly number[]): number =>
  cells.reduce((best, cell) => (read(x.data, cell) > read(x.data, best) ? cell : best))

export function maxPool2d(out: Tensor, x: Tensor, attributes: PoolAttributes): void {
  eachWindow(x.shape, out.shape, attributes, (output, cells) => {
    out.data[output] = read(x.data, winner(x, cells))
  })
}

export function maxPool2dGradient(out: Tensor, x: Tensor, dy: Tensor, attributes: PoolAttributes): void {
  accumulate(out, (sums) =>
    eachWindow(x.shape, dy.shape, attributes, (output, cells) => {
      const place = winner(x, cells)
      sums[place] = read(sums, place) + read(dy.data, output)
    }),
  )
}

export function averagePool2d(out: Tensor, x: Tensor, attributes: PoolAttributes): void {
  eachWindow(x.shape, out.shape, attributes, (output, cells) => {
    out.data[output] = cells.reduce((sum, cell) => sum + read(x.data, cell), 0) / cells.length
  })
}

export function averagePool2dGradient(out: Tensor, dy: Tensor, attributes: PoolAttributes): void {
  accumulate(out, (sums) =>
    eachWindow(out.shape, dy.shape, attributes, (output, cells) => {
      for (const cell of cells) sums[cell] = read(sums, cell) + read(dy.data, output) / cells.length
    }),
  )
}
