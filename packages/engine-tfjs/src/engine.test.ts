import { tfjs } from '@convzoo/engine-tfjs'
import { describeEngine } from '@convzoo/plugin-kit'

describeEngine('tfjs on cpu', { create: () => tfjs({ device: 'cpu' }) })
