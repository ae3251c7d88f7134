import { describe, expect, it } from 'vitest'
import { GraphBuilder, type Value } from '../graph/index.js'
import { type CallContext, defineLayer, dense, flatten, input } from '../layers/index.js'
import { categoricalCrossentropy, type Loss, type LossInputs } from '../losses/index.js'
import { functionalModel, type Model, type SymbolicTensor } from '../model/index.js'
import { type Optimizer, sgd, sgdw, type UpdateInputs } from '../optimizers/index.js'
import { defineOptions } from '../options/index.js'
import type { Shape } from '../shape.js'
import { errorOf } from '../testing/error-of.js'
import { createProgram, type FunctionKind, type ProgramOptions } from './index.js'

const classes = 3
const optimizer = sgdw({ weightDecay: 0, momentum: 0.9 })

function network(last: (x: SymbolicTensor) => SymbolicTensor = (x) => x, outputs = classes): Model {
  const images = input({ shape: [4, 4, 1] })
  return functionalModel({
    inputs: images,
    output: dense({ units: outputs, activation: 'softmax' })(flatten()(last(images))),
  })
}

const programOf = (options: Partial<ProgramOptions>) =>
  createProgram({ model: network(), loss: categoricalCrossentropy(), ...options })

/** What the compiler does not see, as a JavaScript author could give it. */
const unchecked = (value: unknown) => value as never

/** A value that another trace made. */
const foreign = (shape: Shape): Value => new GraphBuilder().input('x', { shape, dtype: 'float32' })

describe('a loss', () => {
  const perClass = ({ ops, output, targets }: LossInputs) => ops.square(ops.subtract(output, targets))
  const lossOf = (losses: (inputs: LossInputs) => unknown): Loss => ({
    name: 'squared',
    losses: (inputs) => unchecked(losses(inputs)),
  })
  const wrong: readonly {
    readonly title: string
    readonly gives: (inputs: LossInputs) => unknown
    readonly received: string
  }[] = [
    { title: 'one number a class', gives: perClass, received: '(None, 3)' },
    { title: 'a scalar', gives: (inputs) => inputs.ops.mean(perClass(inputs)), received: '()' },
    {
      title: 'a column',
      gives: (inputs) => inputs.ops.sum(perClass(inputs), { axes: [1], keepDimensions: true }),
      received: '(None, 1)',
    },
    {
      title: 'one number a class of all samples',
      gives: (inputs) => inputs.ops.sum(perClass(inputs), { axes: [0] }),
      received: '(3,)',
    },
    { title: 'nothing', gives: () => undefined, received: 'nothing' },
    { title: 'a number', gives: () => 1, received: '1' },
    { title: 'a promise', gives: async () => 1, received: 'a promise' },
    {
      title: 'a value of another trace',
      gives: ({ output }) => foreign(output.shape.slice(0, 1)),
      received: 'a value of another trace',
    },
    {
      title: 'truth values',
      gives: ({ ops, output }) => ops.isFinite(ops.sum(output, { axes: [1] })),
      received: 'bool (None,)',
    },
  ]

  it.each(wrong)(
    'that gives $title is refused when the program is made, whatever it is made for',
    ({ gives, received }) => {
      const loss = lossOf(gives)
      const sizes: ProgramOptions['batchSizes'][] = [{}, { predict: [1] }, { evaluate: [3] }, { train: [classes] }]
      for (const batchSizes of sizes) {
        const error = errorOf(() => programOf({ loss, optimizer, batchSizes }))
        expect(error).toMatchObject({ kind: 'shape', expected: '(None,)', received })
        expect(error.sentence).toBe('The loss squared does not give one number a sample.')
      }
      expect(errorOf(() => programOf({ loss })).received).toBe(received)
    },
  )

  it('of one number a class is refused where there are as many samples as classes, too', () => {
    const loss = lossOf((inputs) => inputs.ops.sum(perClass(inputs), { axes: [0] }))
    for (const outputs of [1, 2, 3]) {
      expect(errorOf(() => programOf({ model: network((x) => x, outputs), loss })).kind).toBe('shape')
    }
  })

  it('that gives one number a sample is taken', () => {
    const loss = lossOf((inputs) => inputs.ops.sum(perClass(inputs), { axes: [1] }))
    expect(Object.keys(programOf({ loss, optimizer, batchSizes: { train: [1, 3] } }).functions)).toHaveLength(2)
  })

  it('that works with what another trace made is named', () => {
    const loss = lossOf(({ ops, targets }) => ops.add(targets, foreign(targets.shape)))
    const error = errorOf(() => programOf({ loss }))
    expect(error.sentence).toMatch(/^The loss squared cannot be traced\. The primitive add was given/)
    expect(error.received).toBe('a value of another trace')
  })

  it.each([undefined, null, 'mse', categoricalCrossentropy, { name: 'mse' }])('is not %j', (loss) => {
    expect(errorOf(() => programOf(unchecked({ loss: loss ?? null })))).toMatchObject({
      kind: 'option',
      expected: 'a loss, such as categoricalCrossentropy()',
    })
  })
})

type Call = (context: CallContext, x: Value) => unknown

/** A layer of two statistics and a weight that says it gives what it takes. */
const liar = (call: Call, outputShape: (x: Shape) => unknown = (x) => x) =>
  defineLayer({
    type: 'liar',
    keras: 'Liar',
    options: defineOptions({}),
    outputShape: ([x]) => unchecked(outputShape(x)),
    weights: () => ({
      gain: { shape: [2], initializer: { type: 'ones' }, trainable: true },
      mean: { shape: [2], initializer: { type: 'zeros' }, trainable: false },
    }),
    call: (context, [x]) => unchecked(call(context, x)),
  })({ name: 'gate' })

const kinds = ['train', 'evaluate', 'predict'] as const satisfies readonly FunctionKind[]

describe('a layer', () => {
  it.each<{ title: string; call: Call; received: string }>([
    { title: 'another shape', call: ({ ops }, x) => ops.sum(x, { axes: [-1] }), received: '(None, 4, 4)' },
    { title: 'a scalar', call: ({ ops }, x) => ops.mean(x), received: '()' },
    { title: 'nothing', call: () => undefined, received: 'nothing' },
    { title: 'truth values', call: ({ ops }, x) => ops.greater(x, 0), received: 'bool (None, 4, 4, 1)' },
    { title: 'a value of another trace', call: (_, x) => foreign(x.shape), received: 'a value of another trace' },
  ])('that gives $title where its outputShape says otherwise is named, with both', ({ call, received }) => {
    const model = network(liar(call))
    for (const kind of kinds) {
      const error = errorOf(() => programOf({ model, optimizer, batchSizes: { [kind]: [3] } }))
      expect(error).toMatchObject({ kind: 'shape', expected: '(None, 4, 4, 1)', received })
      expect(error.sentence).toMatch(/^The layer gate \(liar\) does not give what its outputShape says/)
    }
  })

  it.each([
    ['training', (training: boolean) => training],
    ['inference', (training: boolean) => !training],
  ])('that keeps its word only not in %s is found, whatever is asked for', (when, lies) => {
    const model = network(liar(({ ops, training }, x) => (lies(training) ? ops.sum(x) : x)))
    for (const kind of kinds) {
      const error = errorOf(() => programOf({ model, optimizer, batchSizes: { [kind]: [3] } }))
      expect(error.sentence).toMatch(new RegExp(`outputShape says, in ${when}\\.$`))
    }
  })

  it('is looked at in each of its applications', () => {
    let calls = 0
    const shared = liar(({ ops }, x) => (calls++ % 2 === 0 ? x : ops.sum(x)))
    expect(errorOf(() => programOf({ model: network((x) => shared(shared(x))) })).sentence).toMatch('layer gate')
  })

  it('is found in an auxiliary head before anything is trained', () => {
    const images = input({ shape: [4, 4, 1] })
    const head = (x: SymbolicTensor) => dense({ units: classes, activation: 'softmax' })(flatten()(x))
    const broken = liar(({ ops }, x) => ops.sum(x))
    const auxiliary = [{ output: head(broken(images)), lossWeight: 0.3 }]
    const model = functionalModel({ inputs: images, output: head(images), auxiliary })
    expect(errorOf(() => programOf({ model, optimizer })).sentence).toMatch('layer gate (liar)')
    expect(programOf({ model, batchSizes: { predict: [1] } }).state).toHaveLength(2)
  })

  it('that misuses a primitive is named', () => {
    const model = network(liar(({ ops }, x) => ops.matMul(x, x)))
    expect(errorOf(() => programOf({ model })).sentence).toBe(
      'The layer gate (liar) cannot be traced. matMul needs two matrices.',
    )
    const misspelt = network(liar(({ ops }, x) => ops.mean(x, unchecked({ axis: 1 }))))
    expect(errorOf(() => programOf({ model: misspelt })).sentence).toMatch('ops.mean has no option "axis"')
  })

  it.each<{ title: string; does: (context: CallContext, x: Value) => void; said: string }>([
    {
      title: 'assigns to a weight that it does not have',
      does: ({ assign, training }, x) => training && assign('median', x),
      said: 'assigns to a weight that it does not have',
    },
    {
      title: 'assigns to a weight that training moves',
      does: ({ assign, training, ops }) => training && assign('gain', ops.constant(1, [2])),
      said: 'assigns to a weight that training moves',
    },
    {
      title: 'assigns another shape',
      does: ({ assign, training, ops }) => training && assign('mean', ops.constant(1, [3])),
      said: 'assigns to its weight "mean" what does not fit it.',
    },
    {
      title: 'assigns in inference',
      does: ({ assign, ops }) => assign('mean', ops.constant(0, [2])),
      said: 'assigns to its weight "mean" in inference',
    },
    {
      title: 'draws in inference',
      does: ({ random }) => random([4, 4, 1]),
      said: 'draws random numbers in inference',
    },
  ])('that $title is named', ({ does, said }) => {
    const call: Call = (context, x) => {
      does(context, x)
      return x
    }
    expect(errorOf(() => programOf({ model: network(liar(call)), optimizer })).sentence).toMatch(
      `The layer gate (liar) ${said}`,
    )
  })

  it.each([
    ['no shape', undefined],
    ['a fraction', [1.5]],
    ['an axis of no length', [4, 0]],
    ['the shape of text', '4, 4'],
    ['not a number', [Number.NaN]],
  ])('whose outputShape gives %s is named where it is applied', (_, shape) => {
    const error = errorOf(() =>
      network(
        liar(
          ({ ops }, x) => ops.negate(x),
          () => shape,
        ),
      ),
    )
    expect(error).toMatchObject({ kind: 'shape' })
    expect(error.sentence).toBe('The outputShape of layer gate (liar) gives no shape.')
  })

  it.each([
    ['shape', { shape: [0] }, 'shape'],
    ['shape', { shape: 3 }, 'shape'],
    ['shape', {}, 'shape'],
    ['initializer', { shape: [1], initializer: 'heNormalized' }, 'option'],
    ['initializer', { shape: [1], initializer: { type: 'constant', value: 'one' } }, 'option'],
    ['trainable', { shape: [1], initializer: 'zeros', trainable: 'no' }, 'option'],
    ['constraint', { shape: [1], initializer: 'zeros', trainable: true, constraint: { type: 'maxNorm' } }, 'option'],
    ['trainble', { shape: [1], initializer: 'zeros', trainable: true, trainble: true }, 'option'],
  ])('whose weight has a bad %s is named, and the weight: %j', (name, declaration, kind) => {
    const layer = defineLayer({
      type: 'weighty',
      keras: 'Weighty',
      options: defineOptions({}),
      outputShape: ([x]) => x,
      weights: () => ({ kernel: unchecked(declaration) }),
      call: (_, [x]) => x,
    })
    const error = errorOf(() => layer({ name: 'heavy' })(input({ shape: [2] })))
    expect(error.kind).toBe(kind)
    expect(error.message).toMatch(/weight "kernel" of layer heavy \(weighty\)/)
    expect(error.message).toMatch(name)
  })

  it('that is shared keeps the weights that it has', () => {
    const layer = defineLayer({
      type: 'growing',
      keras: 'Growing',
      options: defineOptions({}),
      outputShape: ([x]) => x,
      weights: ([[length = 1]]) =>
        Object.fromEntries(
          Array.from({ length }, (_, index) => [
            `part${index}`,
            { shape: [1], initializer: { type: 'zeros' as const }, trainable: true },
          ]),
        ),
      call: (_, [x]) => x,
    })({})
    const scope = input({ shape: [1] }).scope
    layer(input({ shape: [1], scope }))
    expect(errorOf(() => layer(input({ shape: [2], scope }))).sentence).toMatch('its part1 does not fit')
  })

  it('is defined by what is known', () => {
    const definition = {
      type: 'same',
      keras: 'Same',
      options: defineOptions({}),
      outputShape: ([x]: readonly [Shape, ...Shape[]]) => x,
      call: (_: CallContext, [x]: readonly [Value, ...Value[]]) => x,
    }
    expect(errorOf(() => defineLayer(unchecked({ ...definition, weigths: () => ({}) }))).hint).toMatch('weights')
    expect(errorOf(() => defineLayer(unchecked({ ...definition, call: undefined }))).sentence).toMatch('"call"')
    expect(errorOf(() => defineLayer(unchecked({ ...definition, options: { rate: 1 } }))).sentence).toMatch('"options"')
  })
})

describe('an optimizer', () => {
  const moving = sgd({ momentum: 0.9 })
  const ruled = (update: (inputs: UpdateInputs<string>) => unknown): Optimizer => ({
    ...moving,
    name: 'odd',
    update: (inputs) => unchecked(update(inputs)),
  })

  it.each<{ title: string; update: (inputs: UpdateInputs<string>) => unknown; said: string }>([
    { title: 'nothing', update: () => undefined, said: 'no fitting value for dense/kernel' },
    { title: 'no weight', update: ({ slots }) => ({ slots }), said: 'no fitting value for dense/kernel' },
    {
      title: 'a weight of another shape',
      update: ({ ops, weight, slots }) => ({ weight: ops.sum(weight), slots }),
      said: 'no fitting value for dense/kernel',
    },
    { title: 'no slots', update: ({ weight }) => ({ weight }), said: 'no fitting value for dense/kernel/velocity' },
    {
      title: 'a slot that it does not have',
      update: ({ weight, slots }) => ({ weight, slots: { ...slots, speed: weight } }),
      said: 'a slot that it does not have',
    },
    {
      title: 'a value of another trace',
      update: ({ weight, slots }) => ({ weight: foreign(weight.shape), slots }),
      said: 'no fitting value for dense/kernel',
    },
  ])('that gives $title is refused when the program is made', ({ update, said }) => {
    const error = errorOf(() => programOf({ optimizer: ruled(update) }))
    expect(error.sentence).toMatch(said)
    expect(error.sentence).toMatch('The optimizer odd')
  })

  it('that decays into another shape is refused', () => {
    const odd: Optimizer = {
      ...moving,
      name: 'odd',
      decay: ({ ops, weight, gradient }) => ({ weight, gradient: ops.sum(gradient) }),
    }
    expect(errorOf(() => programOf({ optimizer: odd })).sentence).toBe(
      'The optimizer odd gives no fitting value for the gradient of dense/kernel.',
    )
    const lost: Optimizer = { ...moving, name: 'odd', decay: () => unchecked(undefined) }
    expect(errorOf(() => programOf({ optimizer: lost })).received).toBe('nothing')
  })

  const hyperparameters = { learningRate: 0.1, weightDecay: 0 }
  it.each<[string, object]>([
    ['learningRate', { hyperparameters: { ...hyperparameters, learningRate: 'fast' } }],
    ['learningRate', { hyperparameters: { ...hyperparameters, learningRate: () => 0.1 } }],
    ['learningRate', { hyperparameters: { ...hyperparameters, learningRate: { at: () => 0.1 } } }],
    ['learningRate', { hyperparameters: { ...hyperparameters, learningRate: { type: 'cosine', initial: 1 } } }],
    ['weightDecay', { hyperparameters: { learningRate: 0.1 } }],
    ['hyperparameters', { hyperparameters: undefined }],
    ['slots', { slots: undefined }],
    ['slots', { slots: ['velocity', 'velocity'] }],
    ['slots', { slots: ['average'] }],
    ['scalars', { scalars: { step: () => 1 } }],
    ['warmth', { scalars: { warmth: () => Number.NaN } }],
    ['warmth', { scalars: { warmth: () => '1' } }],
    ['warmth', { scalars: { warmth: 1 } }],
    ['clipping', { clipping: { globalNorm: -1 } }],
    ['update', { update: undefined }],
  ])('that does not keep its contract is named, and the part: %s, %o', (part, change) => {
    const error = errorOf(() => programOf({ optimizer: unchecked({ ...moving, name: 'own', ...change }) }))
    expect(error).toMatchObject({ kind: 'option' })
    expect(error.sentence).toMatch(`"${part}" of optimizer own`)
  })

  it.each([sgdw, 'sgdw', {}])('is not %o', (given) => {
    expect(errorOf(() => programOf({ optimizer: unchecked(given) })).expected).toMatch('an optimizer, such as sgdw(')
  })

  it('keeps averages by a part of 1', () => {
    for (const average of [0.999, {}, { decay: 1.5 }, { decay: 'slow' }, { decay: 0.9, momentum: 1 }]) {
      expect(errorOf(() => programOf({ optimizer, average: unchecked(average) })).kind).toBe('option')
    }
  })
})

describe('what a program is made for', () => {
  it.each([
    ['batchSizes', { batchSizes: { trian: [1] } }, 'has no option "trian"'],
    ['batchSizes', { batchSizes: { train: 4 } }, '"train"'],
    ['batchSizes', { batchSizes: { predict: [0] } }, '"predict"'],
    ['batchSizes', { batchSizes: { predict: [1.5] } }, '"predict"'],
    ['stochastic', { stochastic: 'yes' }, '"stochastic"'],
    ['accumulation', { accumulation: 2 }, '"accumulation"'],
    ['model', { model: { name: 'none' } }, '"model"'],
  ])('is checked: %s %j', (_, change, said) => {
    const error = errorOf(() => programOf(unchecked(change)))
    expect(error.kind).toBe('option')
    expect(error.sentence).toMatch(said)
  })
})
