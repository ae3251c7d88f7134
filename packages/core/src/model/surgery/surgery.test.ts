import { describe, expect, it } from 'vitest'
import { interpreterEngine } from '../../graph/interpreter/engine.js'
import {
  activation,
  averagePool2d,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  input,
  reshape,
} from '../../layers/index.js'
import { categoricalCrossentropy } from '../../losses/index.js'
import { sgdw } from '../../optimizers/index.js'
import { createProgram, initialState } from '../../program/index.js'
import { summarize } from '../../summary/index.js'
import { errorOf } from '../../testing/error-of.js'
import { functionalModel, type Model } from '../index.js'
import { freeze, matchWeights, replaceHead, submodel, unfreeze } from './index.js'

/** A small network with a normalization, dropout and an auxiliary head. */
function network(classes = 3): Model {
  const images = input({ shape: [4, 4, 1] })
  const trunk = batchNormalization()(conv2d({ filters: 2, kernelSize: 3, activation: 'relu' })(images))
  const hidden = dense({ units: 5, activation: 'tanh' })(dropout({ rate: 0.5 })(flatten()(trunk)))
  const side = dense({ units: classes, activation: 'softmax', name: 'side' })(flatten()(trunk))
  return functionalModel({
    inputs: images,
    output: activation({ function: 'softmax' })(dense({ units: classes })(hidden)),
    auxiliary: [{ output: side, lossWeight: 0.3 }],
  })
}

type State = ReadonlyMap<string, Float32Array>

const images = Float32Array.from({ length: 3 * 16 }, (_, index) => Math.sin(index))

/** All state of a model after some steps of training, from the weights of `start`. */
async function trained(model: Model, steps: number, start: State = new Map()): Promise<State> {
  const loss = categoricalCrossentropy()
  const batchSizes = { train: [3] }
  const program = createProgram({ model, loss, optimizer: sgdw({ weightDecay: 0.01, momentum: 0.9 }), batchSizes })
  const executable = await interpreterEngine().compile(program)
  await executable.writeState(
    [...initialState(program, 1)].map((own) => ({ ...own, data: start.get(own.name) ?? own.data })),
  )
  const targets = new Float32Array(3 * model.classes)
  for (const sample of [0, 1, 2]) targets[sample * model.classes + (sample % model.classes)] = 1
  for (let step = 0; step < steps; step++) {
    const scalars = { step, learningRate: 0.1, weightDecay: 0.01, seed: Uint32Array.of(1, 0) }
    await executable.run('train/3', { images, targets, sampleIndices: Uint32Array.of(0, 1, 2), ...scalars })
  }
  const state = new Map<string, Float32Array>()
  for await (const { name, data } of executable.readState()) state.set(name, data)
  return state
}

async function predicted(model: Model, state: State): Promise<Float32Array> {
  const program = createProgram({ model, loss: categoricalCrossentropy(), batchSizes: { predict: [3] } })
  const executable = await interpreterEngine().compile(program)
  await executable.writeState(
    [...initialState(program, 1)].map((own) => ({ ...own, data: state.get(own.name) ?? own.data })),
  )
  const { probabilities } = await executable.run('predict/3', { images })
  if (!(probabilities instanceof Float32Array)) throw new Error('Nothing was predicted.')
  return probabilities
}

const namesOf = (model: Model) => model.layers.map(({ name }) => name)

describe('submodel', () => {
  it('predicts what flows inside the whole, with the weights of the whole', async () => {
    const whole = network()
    const state = await trained(whole, 3)
    const part = submodel(whole, 'dense')
    expect([part.endsIn, part.classes, part.output.shape, part.auxiliary]).toEqual(['features', 0, [5], []])
    expect(namesOf(part)).toEqual(['input_1', 'conv2d', 'batch_normalization', 'flatten', 'dropout', 'dense'])
    const features = await predicted(part, state)
    // What is behind it in the whole, by hand: softmax(features · kernel + bias).
    const [kernel, bias] = ['dense_1/kernel', 'dense_1/bias'].map((name) => state.get(name) ?? new Float32Array())
    const expected = [0, 1, 2].flatMap((sample) => {
      const sums = [0, 1, 2].map((unit) =>
        [0, 1, 2, 3, 4].reduce(
          (sum, at) => sum + (features[sample * 5 + at] ?? 0) * (kernel?.[at * 3 + unit] ?? 0),
          bias?.[unit] ?? 0,
        ),
      )
      const total = sums.reduce((sum, x) => sum + Math.exp(x), 0)
      return sums.map((x) => Math.exp(x) / total)
    })
    const probabilities = await predicted(whole, state)
    expected.forEach((value, index) => {
      expect(probabilities[index]).toBeCloseTo(value, 6)
    })
  })

  it('ends in a map in the middle, and cannot be trained', () => {
    const part = submodel(network(), 'conv2d')
    expect([part.endsIn, part.output.shape]).toEqual(['map', [2, 2, 2]])
    const attempt = () => createProgram({ model: part, loss: categoricalCrossentropy(), batchSizes: { train: [1] } })
    expect(errorOf(attempt).kind).toBe('shape')
  })

  it('keeps the inputs alone that it needs, and names the nearest layers of one that is not there', () => {
    const scope = input({ shape: [2] }).scope
    const [a, b] = [input({ shape: [2], scope }), input({ shape: [2], scope })]
    const left = dense({ units: 2, name: 'left' })(a)
    const joined = activation({ function: 'softmax' })(dense({ units: 2 })(left))
    const whole = functionalModel({ inputs: a, output: joined })
    expect(submodel(whole, 'left').inputs).toHaveLength(1)
    expect(b.shape).toEqual([2])
    expect(errorOf(() => submodel(whole, 'lefd'))).toMatchObject({ kind: 'option', received: '"lefd"' })
    expect(errorOf(() => submodel(whole, 'lefd')).message).toMatch('did you mean left?')
  })
})

describe('freeze', () => {
  it('keeps weights and statistics bit for bit while others move, and gives them no slot', async () => {
    const whole = network()
    const before = await trained(whole, 0)
    const after = await trained(freeze(whole, /^(conv2d|batch)/), 3, before)
    const moved = [...after.keys()].filter((name) => {
      const then = before.get(name)
      return then !== undefined && after.get(name)?.some((x, index) => x !== then[index])
    })
    const frozen = [
      'conv2d/kernel',
      'conv2d/bias',
      ...['gamma', 'beta', 'moving_mean', 'moving_variance'].map((key) => `batch_normalization/${key}`),
    ]
    expect(frozen.every((name) => after.has(name))).toBe(true)
    expect(moved.filter((name) => frozen.includes(name))).toEqual([])
    for (const name of ['dense/kernel', 'dense_1/kernel', 'side/kernel']) expect(moved).toContain(name)
    expect([...after.keys()]).not.toContain('conv2d/kernel/velocity')
    expect([...after.keys()]).toContain('dense/kernel/velocity')
  })

  it('leaves the model that it is given as it is, and is undone by unfreeze', () => {
    const whole = network()
    const trainable = (model: Model) => summarize(model).totals.trainable
    const part = freeze(whole, ['conv2d', 'dense'])
    expect([trainable(whole) - trainable(part), namesOf(part)]).toEqual([20 + 45, namesOf(whole)])
    expect(trainable(unfreeze(part, 'conv2d'))).toBe(trainable(whole) - 45)
    expect(trainable(unfreeze(part, /./g))).toBe(trainable(whole))
    expect(trainable(freeze(whole, /e/g))).toBe(trainable(freeze(whole, /e/)))
    expect(part.name).toBe(whole.name)
  })

  it('freezes the layers of heads', () => {
    const [head] = freeze(network(), 'side').auxiliary
    expect(head?.weights.map(({ name, frozen }) => [name, frozen])).toEqual([
      ['side/kernel', true],
      ['side/bias', true],
    ])
  })

  it('refuses names and patterns that no layer with weights has', () => {
    expect(errorOf(() => freeze(network(), ['conv2d', 'densee'])).message).toMatch('did you mean dense')
    expect(errorOf(() => freeze(network(), /^dropout/))).toMatchObject({ kind: 'option', received: '/^dropout/' })
  })
})

describe('replaceHead', () => {
  it('makes a network for other classes, which trains from the weights of before', async () => {
    const whole = network()
    const before = await trained(whole, 2)
    const other = replaceHead(whole, 2)
    expect([other.classes, other.endsIn, other.output.shape, whole.classes]).toEqual([2, 'classes', [2], 3])
    expect(namesOf(other)).toEqual(namesOf(whole))
    expect(other.auxiliary.map(({ output, lossWeight }) => [output.shape, lossWeight])).toEqual([[[2], 0.3]])
    const fitting = matchWeights(
      [...other.weights, ...other.auxiliary.flatMap(({ weights }) => weights)],
      [...whole.weights, ...whole.auxiliary.flatMap(({ weights }) => weights)],
    )
    expect(fitting.misshapen.map(({ name }) => name)).toEqual([
      'dense_1/kernel',
      'dense_1/bias',
      'side/kernel',
      'side/bias',
    ])
    const start = new Map([...before].filter(([name]) => fitting.taken.includes(name)))
    const after = await trained(freeze(other, /^(conv2d|batch)/), 1, start)
    expect(after.get('conv2d/kernel')).toEqual(before.get('conv2d/kernel'))
    expect(after.get('dense_1/kernel')).toHaveLength(10)
  })

  it.each([
    ['a softmax of its own', (x: ReturnType<typeof input>) => dense({ units: 4, activation: 'softmax' })(flatten()(x))],
    [
      'a convolution and the mean of its maps, as Network In Network has it',
      (x: ReturnType<typeof input>) =>
        activation({ function: 'softmax' })(globalAveragePooling2d()(conv2d({ filters: 4, kernelSize: 1 })(x))),
    ],
    [
      'a convolution and a shape, as MobileNet has it',
      (x: ReturnType<typeof input>) =>
        activation({ function: 'softmax' })(
          reshape({ targetShape: [4] })(conv2d({ filters: 4, kernelSize: 1 })(averagePool2d({ poolSize: 2 })(x))),
        ),
    ],
  ] as const)('knows %s', (_what, build) => {
    const x = input({ shape: [2, 2, 3] })
    const other = replaceHead(functionalModel({ inputs: x, output: build(x) }), 7)
    expect([other.output.shape, other.classes]).toEqual([[7], 7])
    expect(other.weights.map(({ shape }) => shape.at(-1))).toEqual([7, 7])
    const last = (model: Model) => model.layers.at(-1)?.layer.options
    expect(Object.values(last(other) ?? {})).toContain('softmax')
  })

  it('trains the new head where the old one was frozen', () => {
    const other = replaceHead(freeze(network(), /./), 2)
    expect(other.weights.filter(({ trainable }) => trainable).map(({ name }) => name)).toEqual([
      'dense_1/kernel',
      'dense_1/bias',
    ])
  })

  it('refuses a network without a head', () => {
    expect(errorOf(() => replaceHead(submodel(network(), 'dense'), 2))).toMatchObject({
      kind: 'option',
      received: 'an output of features',
    })
    const x = input({ shape: [4] })
    const narrow = functionalModel({ inputs: x, output: batchNormalization()(dense({ units: 4 })(x)) })
    expect(errorOf(() => replaceHead(narrow, 2))).toMatchObject({
      received: 'batch_normalization (batchNormalization)',
    })
    expect(errorOf(() => replaceHead(functionalModel({ inputs: x, output: x }), 2))).toMatchObject({ kind: 'option' })
  })
})

describe('matchWeights', () => {
  it('says what is taken, left, missing, and of another shape', () => {
    const tensors = [
      { name: 'conv2d/kernel', shape: [3, 3, 1, 2] },
      { name: 'extra/kernel', shape: [1] },
      { name: 'dense_1/kernel', shape: [5, 10] },
    ]
    const { weights } = network()
    const { taken, left, missing, misshapen } = matchWeights(weights, tensors)
    expect([taken, left]).toEqual([['conv2d/kernel'], ['extra/kernel']])
    expect(misshapen).toEqual([{ name: 'dense_1/kernel', expected: [5, 3], received: [5, 10] }])
    expect(missing).toEqual(
      weights.map(({ name }) => name).filter((name) => !['conv2d/kernel', 'dense_1/kernel'].includes(name)),
    )
  })
})

describe('the training graph of a frozen trunk', () => {
  const images = input({ shape: [9, 9, 2] })
  const first = conv2d({ filters: 3, kernelSize: 3, activation: 'relu' })(images)
  const second = conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })(averagePool2d({ poolSize: 2 })(first))
  const hidden = dense({ units: 5, activation: 'relu' })(flatten()(second))
  const whole = functionalModel({ inputs: images, output: dense({ units: 3, activation: 'softmax' })(hidden) })

  /** How often each primitive stands in the graphs that a step in one or in parts runs. */
  const countsOf = (model: Model, ...primitives: readonly string[]): readonly number[] => {
    const { functions } = createProgram({
      model,
      loss: categoricalCrossentropy(),
      optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9, learningRate: 0.1 }),
      accumulation: true,
      batchSizes: { train: [2], accumulate: [2] },
    })
    const nodes = ['train/2', 'accumulate/2'].flatMap((name) => functions[name]?.nodes ?? [])
    return primitives.map((asked) => nodes.filter(({ primitive }) => primitive === asked).length)
  }
  const convolutions = ['conv2d', 'conv2dKernelGradient', 'conv2dInputGradient', 'averagePool2dGradient'] as const

  it('goes through all layers of one that learns, to the kernel of the first', () => {
    expect(countsOf(whole, ...convolutions)).toEqual([4, 4, 2, 2])
    // Three for each layer but one: none for the pixels of the first, which is a convolution here.
    expect(countsOf(whole, 'matMul')).toEqual([2 * (2 + 2 + 2)])
  })

  it('has no node of a gradient for what is frozen, and nothing but the forward pass of it', () => {
    const head = freeze(whole, /^(conv2d|dense$)/)
    expect(countsOf(head, ...convolutions)).toEqual([4, 0, 0, 0])
    // Two forward, and the gradient of the last kernel: none of what stands before it.
    expect(countsOf(head, 'matMul')).toEqual([2 * (2 + 1)])
  })

  it('is cut above the last frozen layer, and goes down to the first that learns', () => {
    expect(countsOf(freeze(whole, 'conv2d'), ...convolutions)).toEqual([4, 2, 0, 0])
    // A frozen layer in between lets the gradient through, and has none itself.
    expect(countsOf(freeze(whole, 'conv2d_1'), ...convolutions)).toEqual([4, 2, 2, 2])
  })
})
