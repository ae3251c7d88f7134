import type { Pair } from '@convzoo/core'
import type { PoolAttributes } from '@convzoo/core/engine'
import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { elementShader, type Shader } from '../shader.js'

/**
 * Two shaders. `winners`, of the image, finds in each window the place of its first maximum in row-major order; TensorFlow.js' kernel takes
 * the last of equals. `gradient`, of the winners and the windows' gradients, has each element of the image gather from the windows that hold
 * it. Nothing is scattered, so the sums have one order.
 */
export function maxPoolGradientShaders(
  { attributes, shape }: NodeOf<'maxPool2dGradient'>,
  [oh, ow]: Pair,
): { readonly winners: Shader; readonly gradient: Shader } {
  const [batch, height, width, channels] = size4({ shape })
  const { size, strides, padding }: PoolAttributes = attributes
  /** Along one axis. */
  const mostWindows = (axis: 0 | 1): number => Math.ceil(size[axis] / strides[axis])
  const places = (rows: number, columns: number): string => `
  let c = index % ${channels};
  let column = (index / ${channels}) % ${columns};
  let row = (index / ${channels * columns}) % ${rows};
  let n = index / ${channels * columns * rows};`

  const winners = elementShader({
    name: 'max-pool winners',
    inputs: ['x'],
    shape: [batch, oh, ow, channels],
    body: `${places(oh, ow)}
  var winner = -1;
  var most = 0.0;
  for (var p = 0; p < ${size[0]}; p++) {
    let y = row * ${strides[0]} - ${padding.top} + p;
    if (y < 0 || y >= ${height}) { continue; }
    for (var q = 0; q < ${size[1]}; q++) {
      let z = column * ${strides[1]} - ${padding.left} + q;
      if (z < 0 || z >= ${width}) { continue; }
      let value = x[((n * ${height} + y) * ${width} + z) * ${channels} + c];
      if (winner < 0 || value > most) { winner = p * ${size[1]} + q; most = value; }
    }
  }
  result[index] = f32(winner);`,
  })

  const gradient = elementShader({
    name: 'max-pool gradient',
    inputs: ['winners', 'dy'],
    shape,
    body: `${places(height, width)}
  let below = row + ${padding.top};
  let right = column + ${padding.left};
  var total = 0.0;
  for (var i = 0; i < ${mostWindows(0)}; i++) {
    let top = below / ${strides[0]} - i;
    let p = below - top * ${strides[0]};
    if (top < 0 || top >= ${oh} || p >= ${size[0]}) { continue; }
    for (var j = 0; j < ${mostWindows(1)}; j++) {
      let left = right / ${strides[1]} - j;
      let q = right - left * ${strides[1]};
      if (left < 0 || left >= ${ow} || q >= ${size[1]}) { continue; }
      let at = ((n * ${oh} + top) * ${ow} + left) * ${channels} + c;
      total += select(0.0, dy[at], winners[at] == f32(p * ${size[1]} + q));
    }
  }
  result[index] = total;`,
  })

  return { winners, gradient }
}
