import { adamW, sgd, sgdL2, sgdw } from '@convzoo/core'
import { defineOptimizer, described, numberFrom, type OptimizerRule, optional } from '@convzoo/core/define'
import { interpreterEngine } from '@convzoo/core/engine'
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

/** Gradient descent that is drawn back to where the weights started, of which it keeps a copy. Source: Li et al., "L2-SP", ICML 2018. */
const anchored = defineOptimizer({
  specification: 'optimizer/v1',
  name: 'anchored',
  title: 'gradient descent near the start',
  learningRate: 0.1,
  options: { pull: described('how strongly the start draws', optional(numberFrom(0), 0.001)) },
  rule: ({ pull }): OptimizerRule<'start'> => ({
    slots: { start: 'weight' },
    update: ({ ops, weight, gradient, slots, learningRate }) => {
      const back = ops.multiply(ops.subtract(weight, slots.start), pull)
      return { weight: ops.subtract(weight, ops.multiply(learningRate, ops.add(gradient, back))), slots }
    },
  }),
})
describeOptimizer(anchored, { engine })
