import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

const found = { plugins: [], problems: [] }
const plugin = {
  name: '@test/none',
  version: '1.0.0',
  folder: 'nowhere',
  origin: 'project',
  architectures: [],
  engines: ['none'],
}

describeArguments('@convzoo/plugins', {
  exports: entry,
  made: [plugin],
  calls: {
    findPlugins: [{}],
    loadArchitectures: [found, ['alexnet']],
    loadEngine: [plugin, 'none'],
    loadPlugins: [{ architectures: ['none'] }],
  },
  optional: ['findPlugins', 'loadPlugins'],
  absent: ['loadEngine'],
  accepts: {
    loadArchitectures: { 1: 'nothing, list', '0.problems': 'list' },
    loadPlugins: { '0.architectures': 'list' },
  },
})
