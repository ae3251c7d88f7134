import { defineLoss, described, numberFrom, optional } from '@convzoo/core/define'

/** Keeps what is raised to a power away from 0, where no gradient is finite for γ < 1, and probabilities away from log 0. */
const epsilon = 1e-7

/**
 * The focal loss (Lin et al., "Focal loss for dense object detection", ICCV 2017, §3) over classes:
 *
 *     −α · Σ t · (1 − p)^γ · ln p
 *
 * With γ = 0 and α = 1 it is the cross-entropy. What the network already knows, of a p near 1, counts little. Where the network ends in a
 * softmax, ln p is that of the logits, exact for any of them; otherwise p is the output divided by its sum.
 *
 * @example
 * const loss = focal({ gamma: 2, alpha: 0.25 })
 */
export const focal = defineLoss({
  specification: 'loss/v1',
  name: 'focal',
  title: 'focal loss: what is known counts little',
  source: 'Lin et al., "Focal loss for dense object detection", ICCV 2017',
  options: {
    gamma: described('how much less what is known counts; 0: as much', optional(numberFrom(0), 2)),
    alpha: described('factor of the loss', optional(numberFrom(0), 1)),
  },
  losses: ({ ops, output, logits, targets }, { gamma, alpha }) => {
    const shares = ops.divide(output, ops.sum(output, { axes: [1], keepDimensions: true }))
    const logarithms =
      logits === undefined ? ops.log(ops.minimum(ops.maximum(shares, epsilon), 1 - epsilon)) : ops.logSoftmax(logits)
    const unknown = ops.maximum(ops.subtract(1, ops.exp(logarithms)), epsilon)
    const weighted = gamma === 0 ? logarithms : ops.multiply(ops.power(unknown, gamma), logarithms)
    return ops.multiply(ops.sum(ops.multiply(targets, weighted), { axes: [1] }), -alpha)
  },
})
