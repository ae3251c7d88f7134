import { describeArguments } from '../../../tools/argument-face.js'
import { nothing } from './declaration.js'
import * as entry from './index.js'

const plugin: entry.Plugin = { name: '@test/none', version: '1.0.0', folder: 'nowhere', origin: 'project', ...nothing }
const found = { plugins: [], problems: [] }
const provider = { plugins: [{ ...plugin, provides: { ...plugin.provides, 'engine/v1': ['none'] } }], problems: [] }

describeArguments('@convzoo/plugins', {
  exports: entry,
  made: [plugin, provider],
  calls: {
    findPlugins: [{ reserved: {} }],
    isDefinition: [() => 1],
    keywordOf: ['engine/v1'],
    kindOf: ['engine/v1'],
    loadArchitectures: [found, ['alexnet']],
    loadEngine: [plugin, 'none'],
    loadPlugins: [{ architectures: ['none'] }],
    loadProvided: [plugin, 'engine/v1', 'none'],
    providerOf: [provider, 'engine/v1', 'none', { option: '--engine', own: ['onnx'] }],
    weightsOf: [found, 'none'],
  },
  optional: ['findPlugins', 'loadPlugins'],
  anything: ['isDefinition'],
  absent: ['loadEngine', 'loadProvided'],
  accepts: {
    loadArchitectures: { 1: 'nothing, list' },
    loadPlugins: { '0.architectures': 'list' },
    providerOf: { 3: 'nothing', '3.own': 'list' },
  },
})
