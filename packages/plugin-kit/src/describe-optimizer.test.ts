import { adamW, sgd, sgdL2, sgdw } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/interpreter'
import { describeOptimizer } from './describe-optimizer.js'

const engine = () => interpreterEngine({ precision: 'float32' })

describeOptimizer('sgdw', {
  create: () => sgdw({ weightDecay: 5e-4, momentum: 0.9, learningRate: 0.05, excludeFromWeightDecay: [/bias$/] }),
  engine,
})
describeOptimizer('sgd', { create: () => sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }), engine })
describeOptimizer('sgdL2', { create: () => sgdL2({ learningRate: 0.05, weightDecay: 5e-4 }) })
describeOptimizer('sgdL2, damped', {
  create: () => sgdL2({ learningRate: 0.05, weightDecay: 5e-4, momentum: 0.9, dampening: 0.5 }),
})
describeOptimizer(adamW, { options: { epsilon: 0.01 } })
describeOptimizer(sgdw, { options: { weightDecay: 5e-4, momentum: 0.9 }, learningRate: 0.05 })
