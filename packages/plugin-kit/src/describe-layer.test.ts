import { add, averagePool2d, batchNormalization, concatenate, conv2d, dense, dropout, ones } from '@convzoo/core'
import { defineLayer, defineOptions, numberFrom } from '@convzoo/core/define'
import { interpreterEngine } from '@convzoo/core/engine'
import { describeLayer } from './describe-layer.js'

const engine = () => interpreterEngine({ precision: 'float32' })

const scale = defineLayer({
  type: 'scale',
  keras: 'Scale',
  options: defineOptions({ by: numberFrom(0) }),
  outputShape: ([x]) => x,
  weights: ([x]) => ({ gain: { shape: x.slice(-1), initializer: ones, trainable: true } }),
  call: ({ ops }, [x], { gain }, { by }) => ops.multiply(ops.multiply(x, gain), by),
})

describeLayer('scale', { create: () => scale({ by: 2 }), input: [4, 3, 2], engine })
describeLayer('dense', { create: () => dense({ units: 3, activation: 'tanh' }), input: [5], engine })
describeLayer('conv2d', {
  create: () => conv2d({ filters: 4, kernelSize: 3, padding: 'same', groups: 2, activation: 'swish' }),
  input: [5, 4, 2],
})
describeLayer('averagePool2d', { create: () => averagePool2d({ poolSize: 2 }), input: [4, 4, 2] })
describeLayer('dropout', { create: () => dropout({ rate: 0.5 }), input: [3, 2] })
describeLayer('add', {
  create: () => add(),
  input: [
    [3, 2],
    [3, 2],
  ],
  engine,
})
describeLayer('concatenate', {
  create: () => concatenate(),
  input: [
    [2, 2, 1],
    [2, 2, 3],
  ],
})
describeLayer('batchNormalization', { create: () => batchNormalization(), input: [3, 3, 2], mixesSamples: true })
