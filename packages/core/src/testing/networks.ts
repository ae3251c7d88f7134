import { concatenate, conv2d, dense, dropout, flatten, maxPool2d } from '../layers/index.js'
import type { SymbolicTensor } from '../model/index.js'

/** The notebook's cell "Alexnet". */
export function alexnet(input: SymbolicTensor): SymbolicTensor {
  return likeAlexnet(conv2d({ filters: 96, kernelSize: 11, strides: 4 })(input))
}

/** The notebook's cell "ZFnet". */
export function zfnet(input: SymbolicTensor): SymbolicTensor {
  return likeAlexnet(conv2d({ filters: 96, kernelSize: 7, strides: 2 })(input))
}

/** What both networks do behind their first convolution. */
function likeAlexnet(first: SymbolicTensor): SymbolicTensor {
  let x = maxPool2d({ poolSize: 3, strides: 2 })(first)
  x = conv2d({ filters: 256, kernelSize: 5, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu', biasInitializer: 'ones' })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = conv2d({ filters: 256, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = flatten()(x)
  x = dense({ units: 4096 })(x)
  x = dropout({ rate: 0.5 })(x)
  x = dense({ units: 4096 })(x)
  x = dropout({ rate: 0.5 })(x)
  return dense({ units: 1000, activation: 'softmax' })(x)
}

/** The notebook's cell "Alexnet 2": two towers that exchange their maps once, and whose heads cross twice. */
export function twoTower(input: SymbolicTensor): SymbolicTensor {
  const stem = (): SymbolicTensor => {
    let x = conv2d({ filters: 48, kernelSize: 11, strides: 4 })(input)
    x = maxPool2d({ poolSize: 3, strides: 2 })(x)
    return conv2d({ filters: 128, kernelSize: 5, padding: 'same' })(x)
  }
  const xx = stem()
  const yy = stem()
  const tower = (): SymbolicTensor => {
    let x = concatenate()([xx, yy])
    x = conv2d({ filters: 192, kernelSize: 3, padding: 'same' })(x)
    x = conv2d({ filters: 192, kernelSize: 3, padding: 'same' })(x)
    x = conv2d({ filters: 128, kernelSize: 3, padding: 'same' })(x)
    x = maxPool2d({ poolSize: 3, strides: 2 })(x)
    return flatten()(x)
  }
  const i = tower()
  const j = tower()
  const joined = (a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor => dense({ units: 2048 })(concatenate()([a, b]))
  const k = joined(i, j)
  const l = joined(i, j)
  const m = joined(k, l)
  const n = joined(k, l)
  return dense({ units: 1000, activation: 'softmax' })(concatenate()([n, m]))
}
