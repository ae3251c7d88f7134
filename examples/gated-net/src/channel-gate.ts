import { glorotUniform, zeros } from '@convzoo/core'
import { defineLayer, defineOptions } from '@convzoo/core/define'

const definition = defineLayer({
  type: 'channelGate',
  keras: 'ChannelGate',
  options: defineOptions({}),
  outputShape: ([x]) => x,
  weights: ([x]) => {
    const channels = x.at(-1) ?? 1
    return {
      kernel: { shape: [channels, channels], initializer: glorotUniform, trainable: true },
      bias: { shape: [channels], initializer: zeros, trainable: true },
    }
  },
  multiplyAdds: ([[height = 1, width = 1, channels = 1]]) => channels * channels + height * width * channels,
  call: ({ ops }, [x], { kernel, bias }) => {
    const [batch = 1, , , channels = 1] = x.shape
    const means = ops.mean(x, { axes: [1, 2] })
    const gates = ops.sigmoid(ops.add(ops.matMul(means, kernel), bias))
    return ops.multiply(x, ops.reshape(gates, [batch, 1, 1, channels]))
  },
})

/**
 * Each channel times a gate that looks at the means of all channels: y = x · sigmoid(mean(x) · kernel + bias). (H, W, C) → (H, W, C). The
 * squeeze and excitation of Hu, Shen and Sun (CVPR 2018) with one matrix.
 *
 * @example
 * x = channelGate()(x)
 */
export const channelGate = (options: Parameters<typeof definition>[0] = {}) => definition(options)
