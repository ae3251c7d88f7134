import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

const onWarning = (): void => undefined

describeArguments('@convzoo/serve', {
  exports: entry,
  calls: {
    serve: [
      'nowhere',
      {
        ...{
          host: '127.0.0.1',
          port: 0,
          top: 1,
          batchSize: 1,
          workers: 1,
          maxBytes: 10,
          maxFiles: 1,
          queue: 1,
          timeout: 1,
        },
        onWarning,
      },
    ],
  },
  absent: ['serve'],
})
