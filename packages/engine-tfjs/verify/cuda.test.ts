import { tfjs } from '@convzoo/engine-tfjs'
import { describeEngine } from '@convzoo/plugin-kit'
import { project } from './project.js'

describeEngine('tfjs on cuda', { create: () => tfjs({ device: 'cuda', project, allowCpu: true }) })
