import { interpreterEngine } from '@convzoo/core/engine'
import { describeEngine } from './describe-engine.js'

describeEngine('interpreter in single precision', { create: () => interpreterEngine({ precision: 'float32' }) })
