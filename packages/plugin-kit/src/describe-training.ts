import { adamW, type Executable, type Optimizer, sgd, sgdL2, sgdw } from '@convzoo/core'
import { applyGradientsName, functionName, initialState, interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { expectClose, expectSameMoves, open, type TestedEngine } from './comparison.js'
import { batchSize, partSizes, type SmallProgram, smallProgram } from './small-network.js'
import { zooModel } from './zoo-network.js'

const steps = 4
const learningRate = 0.05
const momentum = 0.9
const clipping = { value: 0.5, norm: 0.4, globalNorm: 0.3 }

type Clipped = { readonly clipping?: typeof clipping }

/** Every rule that core has, in every form that makes another graph. */
const optimizers: readonly { readonly rule: string; readonly make: (bounds: Clipped) => Optimizer }[] = [
  { rule: 'sgdw', make: (bounds) => sgdw({ learningRate, momentum, weightDecay: 5e-4, ...bounds }) },
  {
    rule: 'sgdw nesterov',
    make: (bounds) => sgdw({ learningRate, momentum, nesterov: true, weightDecay: 5e-4, ...bounds }),
  },
  { rule: 'sgdw without momentum', make: (bounds) => sgdw({ learningRate, weightDecay: 5e-4, ...bounds }) },
  { rule: 'sgd', make: (bounds) => sgd({ learningRate, momentum, weightDecay: 0.05, ...bounds }) },
  { rule: 'sgdL2', make: (bounds) => sgdL2({ learningRate, momentum, weightDecay: 0.05, dampening: 0.5, ...bounds }) },
  {
    rule: 'sgdL2 of Caffe',
    make: (bounds) => sgdL2({ learningRate, momentum, weightDecay: 0.05, convention: 'caffe', ...bounds }),
  },
  // With PyTorch's tiny ε a gradient that is all rounding would move its weight as far as any other.
  { rule: 'adamW', make: (bounds) => adamW({ learningRate: 0.01, epsilon: 0.01, ...bounds }) },
]

/** What a step is made of: one function, or micro-batches whose gradients are applied together. */
const ways = {
  'in one': async (executable: Executable, { batch }: SmallProgram, step: number) => [
    await executable.run(functionName('train', batchSize), batch(step)),
  ],
  'in micro-batches': async (executable: Executable, { batch, application }: SmallProgram, step: number) => {
    const outputs = []
    let from = 0
    for (const size of partSizes) {
      outputs.push(await executable.run(functionName('accumulate', size), batch(step, from, from + size)))
      from += size
    }
    const applied = await executable.run(applyGradientsName, application(step))
    expect(applied.finite?.[0]).toBe(1)
    return outputs
  },
}

/** Training steps of a small network with every optimizer, against the float64 interpreter. */
export function describeTraining(tested: TestedEngine): void {
  const zoo = smallProgram({ optimizer: sgdw({ learningRate, momentum, weightDecay: 5e-4 }), network: zooModel })
  describe('training, the layers of later zoos', () => describeSteps(zoo, tested))
  describe.each(optimizers)('training, $rule', ({ make }) => {
    describe.each([
      { title: 'plain', small: smallProgram({ optimizer: make({}) }) },
      { title: 'clipped', small: smallProgram({ optimizer: make({ clipping }) }) },
      { title: 'constrained and averaged', small: smallProgram({ optimizer: make({}), constrained: true }) },
    ])('$title', ({ small }) => describeSteps(small, tested))
  })
}

function describeSteps(small: SmallProgram, engine: TestedEngine): void {
  const { program } = small
  const opened = open(engine, program)
  const start = [...initialState(program, 1)]

  it.each(Object.entries(ways))('moves every weight as the float64 interpreter does, %s', async (_, stepOf) => {
    const tested = opened()
    const truth = await interpreterEngine().compile(program)
    await tested.writeState(start)
    await truth.writeState(start)
    for (let step = 0; step < steps; step++) {
      const got = await stepOf(tested, small, step)
      const wanted = await stepOf(truth, small, step)
      got.forEach(({ finite, losses, probabilities }, part) => {
        expect(finite?.[0]).toBe(1)
        expectClose(losses ?? [], wanted[part]?.losses ?? [], engine.tolerance)
        expectClose(probabilities ?? [], wanted[part]?.probabilities ?? [], engine.tolerance)
      })
    }
    await expectSameMoves(program, start, tested, truth, engine.tolerance)
  })
}
