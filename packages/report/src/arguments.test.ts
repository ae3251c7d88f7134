import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

const heard = (): void => undefined

describeArguments('@convzoo/report', {
  exports: entry,
  calls: {
    liveRun: ['nowhere', { port: 0, onWarning: heard }],
    report: [{ warn: heard }],
    writeReport: ['nowhere'],
  },
  absent: ['liveRun', 'writeReport'],
  optional: ['report'],
})
