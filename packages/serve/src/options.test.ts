import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

describeOptions('@convzoo/serve', {
  exports: entry,
  cases: { serve: (unknown) => entry.serve('nowhere', { ...unknown }) },
  without: {},
})
