import { describeArchitecture } from '@convzoo/plugin-kit'
import manifest from '../package.json' with { type: 'json' }
import { myNet } from './my-net.js'

describeArchitecture(myNet, {
  manifest,
  small: [8, 8, 1],
  sizes: [[28, 28, 1]],
  expected: {
    // Convolutions 3·3·3·8 + 8 and 3·3·8·16 + 16, dense 4·4·16·64 + 64 and 64·10 + 10.
    small: { parameters: 18_490, layers: 9 },
    // Convolutions 3·3·3·16 + 16 and 3·3·16·32 + 32, dense 4·4·32·128 + 128 and 128·10 + 10.
    wide: { parameters: 72_042, layers: 9 },
  },
})
