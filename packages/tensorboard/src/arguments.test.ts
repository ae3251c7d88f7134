import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

describeArguments('@convzoo/tensorboard', {
  exports: entry,
  calls: {
    readScalars: ['nowhere'],
    tensorboard: [{ folder: 'events', histograms: 1, images: true, warn: () => undefined }],
  },
  absent: ['readScalars'],
  optional: ['tensorboard'],
})
