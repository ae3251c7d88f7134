import type { Decayed, DecayInputs } from './optimizer.js'
import { requireUpdateInputs } from './update-inputs.js'

/** w ← w − wd·w: decoupled, at any learning rate the same part of the weight. */
export function decoupledDecay(inputs: DecayInputs): Decayed {
  requireUpdateInputs('decoupledDecay', inputs)
  const { ops, weight, gradient, weightDecay } = inputs
  return { weight: ops.subtract(weight, ops.multiply(weightDecay, weight)), gradient }
}

/** w ← w − lr·wd·w: decoupled, but it follows the learning rate. */
export function scaledDecay(inputs: DecayInputs): Decayed {
  requireUpdateInputs('scaledDecay', inputs)
  const { ops, weight, gradient, learningRate, weightDecay } = inputs
  const lost = ops.multiply(learningRate, weightDecay)
  return { weight: ops.subtract(weight, ops.multiply(lost, weight)), gradient }
}

/** g ← g + wd·w: the gradient of the penalty ½·wd·Σw², which then goes through the momentum as the loss's own does. */
export function coupledDecay(inputs: DecayInputs): Decayed {
  requireUpdateInputs('coupledDecay', inputs)
  const { ops, weight, gradient, weightDecay } = inputs
  return { weight, gradient: ops.add(gradient, ops.multiply(weightDecay, weight)) }
}
