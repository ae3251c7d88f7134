import { describeArguments } from '../../../tools/argument-face.js'
import * as browser from './browser.js'
import * as entry from './index.js'
import * as native from './native.js'

describeArguments('@convzoo/engine-tfjs', {
  exports: entry,
  calls: { tfjs: [{ device: 'cpu', threads: 1, allowCpu: false, gpuMemoryGrowth: true, project: '.' }] },
  optional: ['tfjs'],
})

describeArguments('@convzoo/engine-tfjs/browser', {
  exports: browser,
  calls: { tfjs: [{ device: 'webgpu', allowCpu: false }] },
  optional: ['tfjs'],
})

describeArguments('@convzoo/engine-tfjs/native', {
  exports: native,
  calls: {
    inspectCuda: ['nowhere'],
    linkLibtensorflow: [{ source: 'pip', project: 'nowhere', log: () => {} }],
  },
  absent: ['linkLibtensorflow'],
})
