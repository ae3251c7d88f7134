import { ConvzooError } from '../errors/index.js'
import { defineOptions, described, integer } from '../options/index.js'
import { axisLength } from '../shape.js'
import { defineLayer } from './layer.js'

/**
 * Deals out channels that lie in `groups`, so that the next grouped convolution sees some of each: channel g · n + i, of n in a group,
 * goes to i · groups + g. Shapes stay. It is PyTorch's ChannelShuffle; Keras has no such class.
 *
 * Source: Zhang et al., ShuffleNet, CVPR 2018.
 *
 * @throws ConvzooError of kind `option` if the groups do not divide the channels.
 * @example
 * x = channelShuffle({ groups: 2 })(x)
 */
export const channelShuffle = defineLayer({
  type: 'channelShuffle',
  keras: 'ChannelShuffle',
  options: defineOptions({ groups: described('groups in which the channels lie', integer(1)) }),
  outputShape: ([x], { groups }, name) => {
    const channels = axisLength(x, -1)
    if (channels % groups === 0) return x
    throw new ConvzooError({
      kind: 'option',
      message: `The option "groups" of layer ${name} does not divide its channels.`,
      expected: `a divisor of ${channels} channels`,
      received: String(groups),
    })
  },
  call: ({ ops }, [x], _weights, { groups }) => {
    const channels = axisLength(x.shape, -1)
    const cells = x.shape.slice(0, -1).reduce((product, length) => product * length, 1)
    const grouped = ops.reshape(x, [cells, groups, channels / groups])
    return ops.reshape(ops.transpose(grouped, [0, 2, 1]), x.shape)
  },
})
