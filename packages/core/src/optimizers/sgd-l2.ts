import { ConvzooError } from '../errors/index.js'
import { boolean, defineOptions, oneOf, optional } from '../options/index.js'
import { checkedRule } from './checked-rule.js'
import { coupledDecay } from './decay.js'
import { kerasMomentum } from './keras-momentum.js'
import type { Optimizer } from './optimizer.js'
import { type CommonOptimizerOptions, commonOptimizerOptions, commonPart, fraction } from './options.js'
import { type Schedule, scheduled } from './schedules/index.js'

/** The learning rate is 0.001 by default, as in PyTorch. */
export interface SgdL2Options extends CommonOptimizerOptions {
  /** 0 by default. */
  readonly weightDecay?: number | Schedule
  /** From 0 to 1; 0 by default. */
  readonly momentum?: number
  /** τ of PyTorch's convention, from 0 to 1; 0 by default. */
  readonly dampening?: number
  readonly nesterov?: boolean
  /** Where the learning rate stands; `pytorch` by default. The two are the same while the learning rate is. */
  readonly convention?: 'pytorch' | 'caffe'
}

const options = defineOptions({
  ...commonOptimizerOptions(0.001),
  weightDecay: optional(scheduled, 0),
  momentum: optional(fraction, 0),
  dampening: optional(fraction, 0),
  nesterov: optional(boolean, false),
  convention: optional(oneOf('pytorch', 'caffe'), 'pytorch'),
})

/**
 * Stochastic gradient descent with L2 regularisation: the decay is part of the gradient and so of the momentum.
 *
 *     g ← g + wd·w
 *
 * `pytorch`, exactly as `torch.optim.SGD`: the buffer b holds gradients, and today's learning rate moves all of it.
 *
 *     b ← g at the first step, then b ← μ·b + (1 − τ)·g
 *     w ← w − lr·b              nesterov: w ← w − lr·(g + μ·b)
 *
 * `caffe`, as Caffe's `SGD` and `Nesterov` solvers, and for the weights AlexNet's paper: the velocity holds steps, each with the
 * learning rate of its day. It is Keras' SGD under the regulariser `L2(wd / 2)`.
 *
 *     v ← μ·v − lr·g
 *     w ← w + v                 nesterov: w ← w + μ·v − lr·g
 *
 * Sources: PyTorch, `optim/sgd.py`; Caffe, `sgd_solver.cpp`; Krizhevsky, Sutskever and Hinton, NIPS 2012, section 5.
 *
 * @throws ConvzooError of kind `option` for a bad option, for `nesterov` with dampening or, in PyTorch's convention, without
 * momentum, and for dampening in Caffe's.
 * @example
 * // AlexNet's paper
 * const optimizer = sgdL2({ learningRate: 0.01, weightDecay: 5e-4, momentum: 0.9, convention: 'caffe' })
 */
export function sgdL2(given: SgdL2Options = {}): Optimizer<'velocity', never> | Optimizer<'momentumBuffer'> {
  const parsed = options.parse('sgdL2', given)
  requireSense(parsed)
  const common = { ...commonPart('sgdL2', parsed), decay: coupledDecay }
  return parsed.convention === 'caffe'
    ? checkedRule<'velocity', never>({ ...common, ...kerasMomentum(parsed) })
    : checkedRule<'momentumBuffer', string>({ ...common, ...torchMomentum(parsed) })
}

interface TorchMomentum {
  readonly momentum: number
  readonly dampening: number
  readonly nesterov: boolean
}

function torchMomentum({
  momentum,
  dampening,
  nesterov,
}: TorchMomentum): Pick<Optimizer<'momentumBuffer'>, 'slots' | 'scalars' | 'update'> {
  const damped = momentum !== 0 && dampening !== 0
  return {
    slots: momentum === 0 ? [] : ['momentumBuffer'],
    // The buffer starts as zeros, so the first gradient fills it if nothing is held back.
    scalars: damped ? { gradientShare: (step) => (step === 0 ? 1 : 1 - dampening) } : {},
    update: ({ ops, weight, gradient, slots, learningRate: lr, scalars: { gradientShare } }) => {
      if (momentum === 0) return { weight: ops.subtract(weight, ops.multiply(lr, gradient)), slots }
      const share = gradientShare === undefined ? gradient : ops.multiply(gradientShare, gradient)
      const momentumBuffer = ops.add(ops.multiply(slots.momentumBuffer, momentum), share)
      const direction = nesterov ? ops.add(gradient, ops.multiply(momentumBuffer, momentum)) : momentumBuffer
      return { weight: ops.subtract(weight, ops.multiply(lr, direction)), slots: { momentumBuffer } }
    },
  }
}

function requireSense({ momentum, dampening, nesterov, convention }: ReturnType<typeof options.parse>): void {
  const contradiction = (message: string, expected: string, received: string): ConvzooError =>
    new ConvzooError({ kind: 'option', message, expected, received })
  if (convention === 'caffe' && dampening !== 0) {
    throw contradiction("Dampening belongs to sgdL2 in PyTorch's convention.", 'dampening 0', `dampening ${dampening}`)
  }
  if (nesterov && convention === 'pytorch' && (momentum === 0 || dampening !== 0)) {
    throw contradiction(
      "Nesterov's momentum of sgdL2 contradicts its other options.",
      'a momentum above 0 and no dampening',
      `momentum ${momentum}, dampening ${dampening}`,
    )
  }
}
