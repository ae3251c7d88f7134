import type { Pair } from '@convzoo/core'
import type { PoolAttributes } from '@convzoo/core/engine'
import type { NodeOf } from '../../interpreter/kernels.js'
import { size4 } from '../../interpreter/spatial.js'
import { elementShader, type Shader } from '../shader.js'

/**
 * Each element of the image gathers from the windows that hold it: a window's gradient is its own if it is the window's first maximum in
 * row-major order. TensorFlow.js' kernel gives it to the last of equals. Nothing is scattered, so the sums have one order.
 */
export function maxPoolGradientShader({ attributes, shape }: NodeOf<'maxPool2dGradient'>, [oh, ow]: Pair): Shader {
  const [, height, width, channels] = size4({ shape })
  const { size, strides, padding }: PoolAttributes = attributes
  return elementShader({
    name: 'max-pool gradient',
    inputs: ['x', 'dy'],
    shape,
    body: `
  let c = index % ${channels};
  let column = (index / ${channels}) % ${width};
  let row = (index / ${channels * width}) % ${height};
  let n = index / ${channels * width * height};
  let own = x[index];
  var total = 0.0;
  for (var p = 0; p < ${size[0]}; p++) {
    let top = row + ${padding.top} - p;
    if (top < 0 || top % ${strides[0]} != 0 || top / ${strides[0]} >= ${oh}) { continue; }
    for (var q = 0; q < ${size[1]}; q++) {
      let left = column + ${padding.left} - q;
      if (left < 0 || left % ${strides[1]} != 0 || left / ${strides[1]} >= ${ow}) { continue; }
      var wins = true;
      for (var u = 0; u < ${size[0]}; u++) {
        let y = top - ${padding.top} + u;
        if (y < 0 || y >= ${height}) { continue; }
        for (var v = 0; v < ${size[1]}; v++) {
          let z = left - ${padding.left} + v;
          if (z < 0 || z >= ${width}) { continue; }
          let other = x[((n * ${height} + y) * ${width} + z) * ${channels} + c];
          let before = y < row || (y == row && z < column);
          if (other > own || (before && other == own)) { wins = false; }
        }
      }
      if (wins) {
        total += dy[((n * ${oh} + top / ${strides[0]}) * ${ow} + left / ${strides[1]}) * ${channels} + c];
      }
    }
  }
  result[index] = total;`,
  })
}
