import { describeOptions } from '../../../tools/option-face.js'
import * as blobs from './blob.js'
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

describeOptions('@convzoo/safetensors/blob', {
  exports: blobs,
  cases: {
    safetensorsBlob: (unknown) => blobs.safetensorsBlob({ specs: [], read: async function* () {}, ...unknown }),
  },
  without: {
    'takes its arguments one by one': ['openSafetensorsBlob', 'isTensor', 'metadataOnceWritten', 'notFiniteIn'],
  },
})
