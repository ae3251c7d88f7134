import { tfjs } from '@convzoo/engine-tfjs'
import { describeEngine } from '@convzoo/plugin-kit'

const project = process.env.CONVZOO_TFJS_PROJECT ?? process.cwd()

describeEngine('tfjs on node', { create: () => tfjs({ device: 'node', project }) })
