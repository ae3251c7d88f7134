import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { knownGradients } from '../testing/one-weight.js'
import { runProgram } from '../testing/run-program.js'
import { adamW } from './adamw.js'
import { type Optimizer, scalarsAt } from './optimizer.js'
import { sgd } from './sgd.js'
import { sgdL2 } from './sgd-l2.js'

/** The options under PyTorch's and Keras' names. */
interface Options {
  readonly lr?: number
  readonly learning_rate?: number
  readonly momentum?: number
  readonly weight_decay?: number
  readonly nesterov?: boolean
  readonly dampening?: number
  readonly betas?: readonly [number, number]
  readonly eps?: number
  readonly convention?: 'caffe'
}

interface Case {
  readonly optimizer: 'sgd' | 'sgdL2' | 'adamW'
  readonly options: Options
  /** [step][weight], in double and in single precision. */
  readonly weights: readonly (readonly number[])[]
  readonly single: readonly (readonly number[])[]
}

/** What `bench/reference/optimizers.py` writes. */
interface Published {
  readonly start: readonly number[]
  readonly gradients: readonly (readonly number[])[]
  /** What the learning rate is multiplied by, step by step. */
  readonly factors: readonly number[]
  readonly cases: readonly Case[]
}

const makers = { sgd, sgdL2, adamW }

/** The optimizer of a case; learning rate and weight decay are inputs and come with the steps. */
function optimizerOf({ optimizer, options }: Case): Optimizer {
  const { betas, eps } = options
  return makers[optimizer]({
    ...(options.momentum === undefined ? {} : { momentum: options.momentum }),
    ...(options.nesterov === undefined ? {} : { nesterov: options.nesterov }),
    ...(options.dampening === undefined ? {} : { dampening: options.dampening }),
    ...(options.convention === undefined ? {} : { convention: options.convention }),
    ...(betas === undefined ? {} : { beta1: betas[0], beta2: betas[1] }),
    ...(eps === undefined ? {} : { epsilon: eps }),
  })
}

/** The weights after each step. */
function steps({ start, gradients, factors }: Published, given: Case, precision: 'float64' | 'float32'): number[][] {
  const optimizer = optimizerOf(given)
  const { lr, learning_rate = lr ?? Number.NaN, weight_decay } = given.options
  const { state, run } = runProgram(knownGradients(optimizer, { features: start.length }), { precision })
  state.set('weighted/kernel', start)
  return gradients.map((gradient, step) => {
    const scalars = scalarsAt(optimizer, step)
    const inputs = {
      ...scalars,
      weightDecay: weight_decay ?? scalars.weightDecay,
      learningRate: learning_rate * (factors[step] ?? Number.NaN),
    }
    run('train/1', {
      images: gradient,
      targets: gradient.map(() => 0),
      sampleIndices: [0],
      seed: [1, 0],
      step: [step],
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, [value]])),
    })
    return Array.from(state.get('weighted/kernel') ?? [])
  })
}

/** The largest difference as a part of the largest weight. */
function difference(received: readonly (readonly number[])[], expected: Case['weights']): number {
  const expectedNumbers = expected.flat()
  const largest = Math.max(...expectedNumbers.map(Math.abs))
  const receivedNumbers = received.flat()
  expect(receivedNumbers.length).toBe(expectedNumbers.length)
  return Math.max(...expectedNumbers.map((x, index) => Math.abs(x - (receivedNumbers[index] ?? Number.NaN)))) / largest
}

describe.each(['torch', 'keras'])('the numbers of %s', (library) => {
  const published: Published = JSON.parse(readFileSync(new URL(`./fixtures/${library}.json`, import.meta.url), 'utf8'))
  const cases = published.cases.map((each) => ({ ...each, title: `${each.optimizer} ${JSON.stringify(each.options)}` }))

  it.each(cases)('come out in double precision: $title', (given) => {
    expect(given.weights.length).toBe(7)
    expect(difference(steps(published, given, 'float64'), given.weights)).toBeLessThan(1e-14)
  })

  // Keras rounds after every operation, as the interpreter does; PyTorch multiplies and adds in one rounding.
  const largest = library === 'keras' ? 0 : 2 ** -22

  it.each(cases)('come out in single precision: $title', (given) => {
    expect(difference(steps(published, given, 'float32'), given.single)).toBeLessThanOrEqual(largest)
  })
})
