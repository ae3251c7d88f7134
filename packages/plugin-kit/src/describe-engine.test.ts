import { interpreterEngine } from '@convzoo/core/interpreter'
import { describeEngine } from './describe-engine.js'

describeEngine('interpreter in single precision', { create: () => interpreterEngine({ precision: 'float32' }) })
