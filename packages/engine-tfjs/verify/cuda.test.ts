import { tfjs } from '@convzoo/engine-tfjs'
import { describeEngine } from '@convzoo/plugin-kit'

const project = process.env.CONVZOO_TFJS_PROJECT ?? process.cwd()

describeEngine('tfjs on cuda', { create: () => tfjs({ device: 'cuda', project, allowCpu: true }) })
