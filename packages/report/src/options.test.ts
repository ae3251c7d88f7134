import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

describeOptions('@convzoo/report', {
  exports: entry,
  cases: {
    liveRun: (unknown) => entry.liveRun('nowhere', { ...unknown }),
    report: (unknown) => entry.report({ ...unknown }),
  },
  without: { 'takes its arguments one by one': ['writeReport'] },
})
