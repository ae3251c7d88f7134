import { tfjs } from '@convzoo/engine-tfjs'
import { describeEngine } from '@convzoo/plugin-kit'
import { project } from '../project.js'

describeEngine('tfjs on webgpu', { create: () => tfjs({ device: 'webgpu', project, allowCpu: true }) })
