import { describe, expect, it } from 'vitest'
import {
  concatenate,
  conv2d,
  defineLayer,
  dense,
  flatten,
  globalAveragePooling2d,
  input,
  maxPool2d,
} from '../layers/index.js'
import { createNameScope, functionalModel, type SymbolicTensor } from '../model/index.js'
import { defineOptions } from '../options/index.js'
import { alexnet } from '../testing/networks.js'
import { costOf } from './cost.js'

const on = (shape: readonly number[], build: (x: SymbolicTensor) => SymbolicTensor) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: build(images) })
}

interface Trunk {
  readonly filters: readonly [number, number, number, number, number]
  readonly groups: 1 | 2
}

/** AlexNet as published: groups as in the paper, filters as in the paper or in torchvision. */
const published =
  ({ filters: [a, b, c, d, e], groups }: Trunk) =>
  (images: SymbolicTensor): SymbolicTensor => {
    const same = { padding: 'same' } as const
    let x = maxPool2d({ poolSize: 3, strides: 2 })(conv2d({ filters: a, kernelSize: 11, strides: 4 })(images))
    x = maxPool2d({ poolSize: 3, strides: 2 })(conv2d({ filters: b, kernelSize: 5, groups, ...same })(x))
    x = conv2d({ filters: c, kernelSize: 3, ...same })(x)
    x = conv2d({ filters: d, kernelSize: 3, groups, ...same })(x)
    x = maxPool2d({ poolSize: 3, strides: 2 })(conv2d({ filters: e, kernelSize: 3, groups, ...same })(x))
    x = dense({ units: 4096 })(dense({ units: 4096 })(flatten()(x)))
    return dense({ units: 1000 })(x)
  }

describe('costOf', () => {
  // bvlc_alexnet: 60,965,224 parameters and 724 million multiply-adds (105,415,200 + 223,948,800 + 149,520,384 + 112,140,288 +
  // 74,760,192 + 37,748,736 + 16,777,216 + 4,096,000). torchvision documents 61,100,840 parameters and 0.714 GFLOPS, counting a
  // multiply-add once.
  it.each([
    { filters: [96, 256, 384, 384, 256], groups: 2, parameters: 60_965_224, multiplyAdds: 724_406_816 },
    { filters: [64, 192, 384, 256, 256], groups: 1, parameters: 61_100_840, multiplyAdds: 714_188_480 },
  ] as const)('gives the published $parameters parameters and $multiplyAdds multiply-adds of AlexNet', (net) => {
    const { totals } = costOf(on([227, 227, 3], published(net)))
    expect([totals.parameters, totals.multiplyAdds]).toEqual([net.parameters, net.multiplyAdds])
  })

  it('counts the bytes of every output, and every application of a shared layer', () => {
    const shared = dense({ units: 3 })
    const { layers, totals } = costOf(on([3], (x) => shared(shared(x))))
    expect(layers.map(({ multiplyAdds, activationBytes }) => [multiplyAdds, activationBytes])).toEqual([
      [0, 12],
      [18, 24],
    ])
    expect(totals).toEqual({ parameters: 12, multiplyAdds: 18, activationBytes: 36 })
  })
})

/** Receptive fields by layer, as `size/stride` of the rows. */
const fieldsOf = (model: ReturnType<typeof on>): Record<string, string> =>
  Object.fromEntries(
    costOf(model).layers.flatMap(({ name, receptiveField: field }) =>
      field === undefined ? [] : [[name, `${field.size[0]}/${field.strides[0]}`]],
    ),
  )

describe('receptive fields', () => {
  // 195 pixels with stride 32 behind the last pooling is Araujo et al.'s number for AlexNet.
  it('grow through AlexNet as published, and are the whole image behind it', () => {
    const fields = fieldsOf(on([227, 227, 3], alexnet))
    expect(fields).toMatchObject({
      ...{ input_1: '1/1', conv2d: '11/4', max_pooling2d: '19/8', conv2d_1: '51/8', max_pooling2d_1: '67/16' },
      ...{ conv2d_2: '99/16', conv2d_3: '131/16', conv2d_4: '163/16', max_pooling2d_2: '195/32' },
      ...{ flatten: '227/0', dense: '227/0', dense_2: '227/0' },
    })
  })

  // 212 pixels with stride 32 is their number for VGG-16.
  it('grow through the convolutions of VGG-16 as published', () => {
    const vgg = (images: SymbolicTensor) => {
      let x = images
      for (const convolutions of [2, 2, 3, 3, 3]) {
        for (let index = 0; index < convolutions; index++) x = conv2d({ filters: 1, kernelSize: 3, padding: 'same' })(x)
        x = maxPool2d({ name: `pool_${x.shape[0]}` })(x)
      }
      return x
    }
    expect(fieldsOf(on([224, 224, 3], vgg))).toMatchObject({ pool_14: '212/32' })
  })

  it('reach further with dilation, differ by axis, and are the image behind a global pooling', () => {
    const model = on([20, 30, 1], (x) =>
      globalAveragePooling2d()(conv2d({ filters: 1, kernelSize: [3, 5], dilations: [4, 1], strides: [1, 2] })(x)),
    )
    expect(costOf(model).layers.map(({ receptiveField }) => receptiveField)).toEqual([
      { size: [1, 1], strides: [1, 1] },
      { size: [9, 5], strides: [1, 2] },
      { size: [20, 30], strides: [0, 0] },
    ])
  })

  it('span all paths where some join', () => {
    const join = (x: SymbolicTensor) => {
      const narrow = conv2d({ filters: 1, kernelSize: 3, padding: 'same' })(x)
      const wide = conv2d({ filters: 1, kernelSize: 7, padding: 'same' })(x)
      return concatenate()([narrow, wide])
    }
    expect(fieldsOf(on([9, 9, 1], join))).toMatchObject({ concatenate: '7/1' })
    // A path that only looks right of the cell and one that only looks left of it: 1 + 2 + 2.
    const sides = (x: SymbolicTensor) => {
      const shifted = (name: string, left: number) =>
        defineLayer({
          type: name,
          keras: name,
          options: defineOptions({}),
          outputShape: ([shape]) => shape,
          window: () => ({
            size: [3, 3],
            strides: [1, 1],
            padding: { top: left, bottom: 2 - left, left, right: 2 - left },
          }),
          call: (_, [value]) => value,
        })({})(x)
      return concatenate()([shifted('Before', 2), shifted('After', 0)])
    }
    expect(fieldsOf(on([9, 9, 1], sides))).toMatchObject({ before: '3/1', after: '3/1', concatenate: '5/1' })
  })

  it('are none without an image', () => {
    expect(fieldsOf(on([9], dense({ units: 2 })))).toEqual({})
    const scope = createNameScope()
    const inputs = [input({ shape: [2], scope }), input({ shape: [3], scope })]
    expect(fieldsOf(functionalModel({ inputs, output: concatenate()(inputs) }))).toEqual({})
  })
})
