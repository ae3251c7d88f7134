import { categoricalCrossentropy } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describeLoss } from './describe-loss.js'

const engine = () => interpreterEngine({ precision: 'float32' })

describeLoss(categoricalCrossentropy, { engine })
describeLoss('categoricalCrossentropy, smoothed, of two classes', {
  create: () => categoricalCrossentropy({ labelSmoothing: 0.1 }),
  classes: 2,
})
