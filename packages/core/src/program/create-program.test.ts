import { describe, expect, it } from 'vitest'
import { conv2d, defineLayer, dense, dropout, flatten, input, maxPool2d } from '../layers/index.js'
import { categoricalCrossentropy } from '../losses/index.js'
import { functionalModel, type Model, type SymbolicTensor } from '../model/index.js'
import { sgdw } from '../optimizers/index.js'
import { defineOptions } from '../options/index.js'
import { errorOf } from '../testing/error-of.js'
import { randomNumbers } from '../testing/evaluate.js'
import { runProgram } from '../testing/run-program.js'
import { createProgram, initialState, type ProgramOptions } from './index.js'

const classes = 3
const samples = 4

function network(last: (x: SymbolicTensor) => SymbolicTensor = (x) => x): Model {
  const images = input({ shape: [6, 6, 1] })
  let x = conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })(images)
  x = maxPool2d({ poolSize: 2, strides: 1 })(x)
  x = flatten()(x)
  x = last(x)
  return functionalModel({ inputs: images, output: dense({ units: classes, activation: 'softmax' })(x) })
}

const batchSizes = { train: [samples], evaluate: [samples, 1], predict: [samples] }
const loss = categoricalCrossentropy()
const programOf = (model: Model, optimizer = sgdw({ weightDecay: 0 })) =>
  createProgram({ model, loss, optimizer, batchSizes })

const images = randomNumbers('program images', samples * 36)
const targets = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]
const batch = { images, targets, sampleIndices: [0, 1, 2, 3], seed: [1, 0] }
const stepOf = (step: number, learningRate: number, weightDecay = 0) => ({
  ...batch,
  step: [step],
  learningRate: [learningRate],
  weightDecay: [weightDecay],
})
const mean = (numbers: ArrayLike<number> | undefined): number => {
  const list = Array.from(numbers ?? [])
  return list.reduce((sum, x) => sum + x, 0) / list.length
}

describe('state', () => {
  it('holds each weight and its slots, in the order of the weights', () => {
    const program = programOf(network(), sgdw({ weightDecay: 0, momentum: 0.9 }))
    expect(program.state.map(({ name, role, shape }) => `${name} ${role} ${shape.join('×')}`)).toEqual([
      'conv2d/kernel weight 3×3×1×4',
      'conv2d/kernel/velocity slot 3×3×1×4',
      'conv2d/bias weight 4',
      'conv2d/bias/velocity slot 4',
      'dense/kernel weight 36×3',
      'dense/kernel/velocity slot 36×3',
      'dense/bias weight 3',
      'dense/bias/velocity slot 3',
    ])
  })

  it('has no slots without momentum or without an optimizer', () => {
    const roles = (program: ReturnType<typeof programOf>) => new Set(program.state.map(({ role }) => role))
    expect(roles(programOf(network()))).toEqual(new Set(['weight']))
    expect(roles(createProgram({ model: network(), loss, batchSizes: { predict: [1] } }))).toEqual(new Set(['weight']))
  })

  it('starts the same under the same seed, slots and biases at 0', () => {
    const program = programOf(network(), sgdw({ weightDecay: 0, momentum: 0.9 }))
    const start = (seed: number) =>
      Object.fromEntries([...initialState(program, seed)].map(({ name, data }) => [name, data]))
    expect(start(5)).toEqual(start(5))
    expect(start(6)['conv2d/kernel']).not.toEqual(start(5)['conv2d/kernel'])
    expect(start(5)['conv2d/kernel/velocity']).toEqual(new Float32Array(36))
    expect(start(5)['dense/bias']).toEqual(new Float32Array(3))
    // A weight's start depends on its name, not on what else the program holds.
    expect(runProgram(programOf(network()), { seed: 5 }).state.get('dense/kernel')).toEqual(start(5)['dense/kernel'])
  })
})

describe('train', () => {
  it('moves weights along the gradient of the evaluated mean loss', () => {
    const program = programOf(network())
    const running = runProgram(program)
    const before = new Map([...running.state].map(([name, data]) => [name, Float64Array.from(data)]))
    const lossAt = (name: string, data: ArrayLike<number>): number => {
      const { state, run } = runProgram(program)
      for (const [known, start] of before) state.set(known, start)
      state.set(name, data)
      return mean(run(`evaluate/${samples}`, { images, targets }).outputs.losses?.data)
    }
    running.run(`train/${samples}`, stepOf(0, 1)) // learning rate 1, no decay: w − w′ is the gradient
    for (const [name, start] of before) {
      const after = running.state.get(name)
      const gradient = Array.from(start, (w, index) => w - (after?.[index] ?? Number.NaN))
      const expected = Array.from(start, (w, index) => {
        const moved = (by: number) => lossAt(name, start.with(index, w + by))
        return (moved(1e-5) - moved(-1e-5)) / 2e-5
      })
      const largest = Math.max(...expected.map(Math.abs))
      expect(largest, name).toBeGreaterThan(1e-3)
      const worst = Math.max(...expected.map((value, index) => Math.abs(value - (gradient[index] ?? Number.NaN))))
      expect(worst / largest, name).toBeLessThan(1e-6)
    }
  })

  it('lets the loss of four samples fall to nothing', () => {
    const { run } = runProgram(programOf(network(), sgdw({ weightDecay: 0, momentum: 0.9 })))
    const losses = Array.from({ length: 60 }, (_, step) =>
      mean(run(`train/${samples}`, stepOf(step, 0.1)).outputs.losses?.data),
    )
    expect(losses[0]).toBeGreaterThan(0.5)
    expect(losses.at(-1)).toBeLessThan(0.02)
    const { losses: evaluated, probabilities } = run(`evaluate/${samples}`, { images, targets }).outputs
    expect(mean(evaluated?.data)).toBeLessThan(0.02)
    targets.forEach((target, index) => {
      expect(Math.abs((probabilities?.data[index] ?? Number.NaN) - target)).toBeLessThan(0.1)
    })
  })

  it('gives the losses and probabilities of the weights before the step', () => {
    const { run } = runProgram(programOf(network()))
    const evaluated = run(`evaluate/${samples}`, { images, targets }).outputs
    const { losses, probabilities, finite } = run(`train/${samples}`, stepOf(0, 0.5)).outputs
    expect(losses).toEqual(evaluated.losses)
    expect(probabilities).toEqual(evaluated.probabilities)
    expect([...(finite?.data ?? [])]).toEqual([1])
    expect(run(`evaluate/${samples}`, { images, targets }).outputs.losses).not.toEqual(evaluated.losses)
  })

  it.each([
    { title: 'a pixel that is not a number', change: { images: images.with(0, Number.NaN) } },
    { title: 'an infinite learning rate', change: { learningRate: [Number.POSITIVE_INFINITY] } },
    { title: 'a target that is infinite', change: { targets: targets.with(1, Number.POSITIVE_INFINITY) } },
  ])('commits nothing after $title', ({ change }) => {
    const { state, run } = runProgram(programOf(network(), sgdw({ weightDecay: 0, momentum: 0.9 })))
    run(`train/${samples}`, stepOf(0, 0.1))
    const before = new Map(state)
    const result = run(`train/${samples}`, { ...stepOf(1, 0.1), ...change })
    expect([...(result.outputs.finite?.data ?? [])]).toEqual([0])
    expect(result.commit).toBe(false)
    expect(state).toEqual(before)
    expect(run(`train/${samples}`, stepOf(1, 0.1)).commit).toBe(true)
    expect(state.get('dense/bias')).not.toEqual(before.get('dense/bias'))
  })

  it('clips, then decays, then updates', () => {
    const optimizer = sgdw({ weightDecay: 0, clipping: { globalNorm: 1e-9 } })
    const { state, run } = runProgram(programOf(network(), optimizer))
    const before = Float64Array.from(state.get('dense/kernel') ?? [])
    run(`train/${samples}`, stepOf(0, 1, 0.25))
    const after = state.get('dense/kernel')
    for (const [index, w] of before.entries()) {
      expect(Math.abs((after?.[index] ?? Number.NaN) - 0.75 * w)).toBeLessThan(1e-9)
    }
  })

  it('drops the same units for a sample however the batch is split', () => {
    const model = network((x) => dropout({ rate: 0.5 })(x))
    const program = createProgram({ model, loss, optimizer: sgdw({ weightDecay: 0 }), batchSizes: { train: [4, 2] } })
    const losses = (size: number, from: number) => {
      const result = runProgram(program).run(`train/${size}`, {
        ...stepOf(7, 0.1),
        images: images.slice(from * 36, (from + size) * 36),
        targets: targets.slice(from * classes, (from + size) * classes),
        sampleIndices: [0, 1, 2, 3].slice(from, from + size),
      })
      return [...(result.outputs.losses?.data ?? [])]
    }
    expect([...losses(2, 0), ...losses(2, 2)]).toEqual(losses(4, 0))
    const withoutDropout = runProgram(programOf(network())).run(`evaluate/${samples}`, { images, targets })
    expect(losses(4, 0)).not.toEqual([...(withoutDropout.outputs.losses?.data ?? [])])
  })

  it('leaves weights that do not train to the layer that assigns them', () => {
    const counting = defineLayer({
      type: 'counting',
      keras: 'Counting',
      options: defineOptions({}),
      outputShape: ([x]) => x,
      weights: () => ({ steps: { shape: [], initializer: { type: 'zeros' }, trainable: false } }),
      call: ({ ops, training, assign }, [x], { steps }) => {
        if (training) assign('steps', ops.add(steps, 1))
        return x
      },
    })
    const program = programOf(
      network((x) => counting({})(x)),
      sgdw({ weightDecay: 0.5, momentum: 0.9 }),
    )
    expect(program.state.filter(({ name }) => name.startsWith('counting'))).toMatchObject([
      { name: 'counting/steps', role: 'statistic' },
    ])
    const { state, run } = runProgram(program)
    run(`train/${samples}`, stepOf(0, 0.1, 0.5))
    run(`train/${samples}`, stepOf(1, 0.1, 0.5))
    run(`evaluate/${samples}`, { images, targets })
    expect([...Array.from(state.get('counting/steps') ?? [])]).toEqual([2])
  })
})

describe('evaluate and predict', () => {
  it('give the same probabilities, each row a distribution, and change nothing', () => {
    const { state, run } = runProgram(programOf(network((x) => dropout({ rate: 0.5 })(x))))
    const before = new Map(state)
    const predicted = run(`predict/${samples}`, { images }).outputs
    expect(run(`evaluate/${samples}`, { images, targets }).outputs.probabilities).toEqual(predicted.probabilities)
    expect(Object.keys(predicted)).toEqual(['probabilities'])
    const { data = [], shape } = predicted.probabilities ?? {}
    expect(shape).toEqual([samples, classes])
    for (let row = 0; row < samples; row++) {
      expect(mean(data.slice(row * classes, (row + 1) * classes)) * classes).toBeCloseTo(1, 12)
    }
    expect(state).toEqual(before)
  })

  it('give a sample the same loss in any batch', () => {
    const { run } = runProgram(programOf(network()))
    const together = run(`evaluate/${samples}`, { images, targets }).outputs.losses?.data
    const alone = [0, 1, 2, 3].flatMap((index) => [
      ...(run('evaluate/1', {
        images: images.slice(index * 36, (index + 1) * 36),
        targets: targets.slice(index * classes, (index + 1) * classes),
      }).outputs.losses?.data ?? []),
    ])
    expect(alone).toEqual([...(together ?? [])])
  })
})

describe('createProgram', () => {
  it('makes the functions that are asked for, with their inputs and outputs', () => {
    const { functions } = programOf(network())
    expect(Object.keys(functions)).toEqual(['train/4', 'evaluate/4', 'evaluate/1', 'predict/4'])
    const signature = (name: string) => ({
      inputs: functions[name]?.inputs.map(({ name: own, shape, dtype }) => `${own} ${dtype} ${shape.join('×')}`).sort(),
      outputs: functions[name]?.outputs.map((output) => output.name),
    })
    expect(signature('train/4')).toEqual({
      inputs: [
        'images float32 4×6×6×1',
        'learningRate float32 ',
        'sampleIndices uint32 4',
        'seed uint32 2',
        'step uint32 ',
        'targets float32 4×3',
        'weightDecay float32 ',
      ],
      outputs: ['losses', 'probabilities', 'finite'],
    })
    expect(signature('evaluate/1').inputs).toEqual(['images float32 1×6×6×1', 'targets float32 1×3'])
    expect(signature('predict/4')).toEqual({ inputs: ['images float32 4×6×6×1'], outputs: ['probabilities'] })
  })

  it('is plain data', () => {
    const program = programOf(network())
    expect(JSON.parse(JSON.stringify(program))).toEqual(program)
  })

  it('refuses to train without an optimizer', () => {
    const attempt = () => createProgram({ model: network(), loss, batchSizes: { train: [1] } })
    expect(errorOf(attempt)).toMatchObject({ kind: 'option', expected: 'optimizer' })
  })

  it('refuses to train or evaluate a network that ends in features, which predicts', () => {
    const images = input({ shape: [3] })
    const model = functionalModel({ inputs: images, output: dense({ units: 2 })(images), classes: 0 })
    for (const kind of ['train', 'evaluate']) {
      const error = errorOf(() => createProgram({ model, loss, batchSizes: { [kind]: [1] } }))
      expect(error).toMatchObject({ kind: 'option', received: 'features' })
      expect(error.message).toMatch('ends in 2 features, not in classes')
    }
    expect(Object.keys(createProgram({ model, loss, batchSizes: { predict: [1] } }).functions)).toEqual(['predict/1'])
  })

  it('refuses to train or evaluate a network that ends in a map, which predicts', () => {
    const photos = input({ shape: [4, 4, 1] })
    const model = functionalModel({ inputs: photos, output: maxPool2d({})(photos) })
    expect(model.classes).toBe(0)
    for (const kind of ['train', 'evaluate']) {
      expect(errorOf(() => createProgram({ model, loss, batchSizes: { [kind]: [1] } }))).toMatchObject({
        kind: 'shape',
        received: '(2, 2, 1)',
      })
    }
    const program = createProgram({ model, loss, batchSizes: { predict: [1] } })
    const { outputs } = runProgram(program).run('predict/1', { images: images.slice(0, 16) })
    expect(outputs.probabilities?.shape).toEqual([1, 2, 2, 1])
  })

  it('asks for nothing with an empty list', () => {
    const photos = input({ shape: [3] })
    const features = functionalModel({ inputs: photos, output: dense({ units: 2 })(photos), classes: 0 })
    const batchSizes = { train: [], accumulate: [], evaluate: [], evaluateAverages: [], predict: [1] }
    expect(Object.keys(createProgram({ model: features, loss, batchSizes }).functions)).toEqual(['predict/1'])
  })
})

describe('the state', () => {
  const withHead = (): Model => {
    const photos = input({ shape: [6, 6, 1] })
    const trunk = flatten()(photos)
    const head = (name: string) => dense({ units: classes, activation: 'softmax', name })(trunk)
    return functionalModel({
      inputs: photos,
      output: head('main'),
      auxiliary: [{ output: head('side'), lossWeight: 1 }],
    })
  }
  const optimizer = sgdw({ weightDecay: 0, momentum: 0.9 })
  const stateFor = (options: Partial<ProgramOptions>) =>
    createProgram({ model: withHead(), loss, ...options }).state.map(({ name, role }) => `${name} ${role}`)

  it('is the same whatever batch sizes are asked for, auxiliary heads included', () => {
    const sizes = [{}, { predict: [1] }, { train: [4] }, { accumulate: [2] }, { train: [], evaluate: [3] }]
    const states = sizes.map((batchSizes) => stateFor({ optimizer, accumulation: true, batchSizes }))
    for (const state of states) expect(state).toEqual(states[0])
    expect(states[0]).toContain('side/kernel weight')
    expect(states[0]).toContain('side/kernel/velocity slot')
    expect(states[0]).toContain('side/kernel/gradient gradient')
  })

  it('holds accumulated gradients only where they are asked for', () => {
    expect(stateFor({ optimizer }).filter((name) => name.endsWith('gradient'))).toEqual([])
    expect(errorOf(() => stateFor({ optimizer, batchSizes: { accumulate: [1] } })).expected).toBe('accumulation: true')
  })

  it('has no auxiliary heads without an optimizer: they exist in training only', () => {
    expect(stateFor({})).toEqual(['main/kernel weight', 'main/bias weight'])
  })
})

describe('what each node of a program is for', () => {
  it('is said by layer: forward, backward, update', () => {
    const images = input({ shape: [8, 8, 3] })
    const x = maxPool2d({ poolSize: 2 })(conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })(images))
    const model = functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(flatten()(x)) })
    const { functions } = createProgram({
      ...{ model, loss: categoricalCrossentropy(), optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }) },
      batchSizes: { train: [2], predict: [2] },
    })
    const scopesOf = (name: string) =>
      new Map((functions[name]?.nodes ?? []).map(({ primitive, scope }) => [primitive, scope] as const))
    const train = scopesOf('train/2')
    expect([train.get('conv2d'), train.get('maxPool2d')]).toEqual(['forward conv2d', 'forward max_pooling2d'])
    expect(train.get('maxPool2dGradient')).toBe('backward max_pooling2d')
    expect(train.get('conv2dKernelGradient')).toBe('backward conv2d')
    const all = new Set((functions['train/2']?.nodes ?? []).map(({ scope }) => scope))
    for (const each of ['forward loss', 'backward dense', 'update conv2d', 'update dense', 'update all']) {
      expect(all).toContain(each)
    }
    const predicts = (functions['predict/2']?.nodes ?? []).flatMap(({ scope }) => scope ?? [])
    expect(predicts.filter((scope) => !scope.startsWith('forward '))).toEqual([])
  })
})
