import { ConvzooError } from '../errors/index.js'
import { described, type OptionsOf, oneOf, optional } from '../options/index.js'
import { coupledDecay } from './decay.js'
import { defineOptimizer, type OptimizerRule } from './define-optimizer.js'
import { kerasMomentum } from './keras-momentum.js'
import { momentumOptions } from './momentum-options.js'
import { fraction } from './options.js'
import { scheduled } from './schedules/index.js'

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
 * The learning rate is 0.001 by default, as in PyTorch.
 *
 * Sources: PyTorch, `optim/sgd.py`; Caffe, `sgd_solver.cpp`; Krizhevsky, Sutskever and Hinton, NIPS 2012, section 5.
 *
 * @throws ConvzooError of kind `option` for a bad option, for `nesterov` with dampening or, in PyTorch's convention, without
 * momentum, and for dampening in Caffe's.
 * @example
 * // AlexNet's paper
 * const optimizer = sgdL2({ learningRate: 0.01, weightDecay: 5e-4, momentum: 0.9, convention: 'caffe' })
 */
export const sgdL2 = defineOptimizer({
  specification: 'optimizer/v1',
  name: 'sgdL2',
  title: 'stochastic gradient descent with L2 regularisation, as PyTorch or Caffe',
  source: 'PyTorch, optim/sgd.py; Caffe, sgd_solver.cpp',
  learningRate: 0.001,
  options: {
    /** 0 by default. */
    weightDecay: described('factor of the weight that is added to its gradient', optional(scheduled, 0)),
    ...momentumOptions,
    /** τ of PyTorch's convention, from 0 to 1; 0 by default. */
    dampening: described('fraction of the gradient that the momentum does not take up', optional(fraction, 0)),
    /** `pytorch` by default. The two are the same while the learning rate is. */
    convention: described('where the learning rate stands', optional(oneOf('pytorch', 'caffe'), 'pytorch')),
  },
  rule: (options): OptimizerRule => {
    requireSense(options)
    return {
      decay: coupledDecay,
      ...(options.convention === 'caffe' ? kerasMomentum(options) : torchMomentum(options)),
    }
  },
})

export type SgdL2Options = OptionsOf<typeof sgdL2>

interface TorchMomentum {
  readonly momentum: number
  readonly dampening: number
  readonly nesterov: boolean
}

interface Choices extends TorchMomentum {
  readonly convention: 'pytorch' | 'caffe'
}

function torchMomentum({
  momentum,
  dampening,
  nesterov,
}: TorchMomentum): Pick<OptimizerRule<'momentumBuffer'>, 'slots' | 'scalars' | 'update'> {
  const damped = momentum !== 0 && dampening !== 0
  return {
    slots: { momentumBuffer: momentum === 0 ? undefined : 'zeros' },
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

function requireSense({ momentum, dampening, nesterov, convention }: Choices): void {
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
