import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

describeOptions('@convzoo/safetensors', {
  exports: entry,
  cases: {
    writeSafetensors: (unknown) =>
      entry.writeSafetensors('nowhere.safetensors', {
        specs: [],
        read: () => {
          throw new Error('Nothing is read.')
        },
        ...unknown,
      }),
  },
  without: {
    'takes its arguments one by one': [
      'openPyTorch',
      'openSafetensors',
      'isTensor',
      'metadataOnceWritten',
      'notFiniteIn',
    ],
  },
})
