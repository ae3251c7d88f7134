import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

describeOptions('@convzoo/tensorboard', {
  exports: entry,
  cases: { tensorboard: (unknown) => entry.tensorboard({ ...unknown }) },
  without: { 'takes its arguments one by one': ['readScalars'] },
})
