import {
  categoricalCrossentropy,
  conv2d,
  createModel,
  dense,
  flatten,
  functionalModel,
  input,
  localResponseNormalization,
  type Model,
  maxPool2d,
  reshape,
  type SymbolicTensor,
  summarize,
} from '@convzoo/core'
import { createProgram, initialState, interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { alexnetTwoTower } from './alexnet-twotower.js'

const model = createModel('alexnet-twotower.paper2012')

const rowsOf = (of: Model): readonly unknown[] =>
  summarize(of)
    .layers.slice(1)
    .map(({ keras, outputShape, parameters }) => [keras, outputShape.join('×'), parameters])

/** A row of each tower. */
const twice = (...row: readonly [string, string, number]) => [row, row]

describe('alexnet-twotower.paper2012', () => {
  // Krizhevsky et al. 2012, figure 2 and §3.5; the input is that which its arithmetic needs.
  it('has the layers of the figure, each with its output and its parameters', () => {
    expect(rowsOf(model)).toEqual([
      ...twice('Conv2D', '55×55×48', 17_472),
      ...twice('LocalResponseNormalization', '55×55×48', 0),
      ...twice('MaxPooling2D', '27×27×48', 0),
      ...twice('Conv2D', '27×27×128', 153_728),
      ...twice('LocalResponseNormalization', '27×27×128', 0),
      ...twice('MaxPooling2D', '13×13×128', 0),
      ['Concatenate', '13×13×256', 0],
      ...twice('Conv2D', '13×13×192', 442_560),
      ...twice('Conv2D', '13×13×192', 331_968),
      ...twice('Conv2D', '13×13×128', 221_312),
      ...twice('MaxPooling2D', '6×6×128', 0),
      ['Concatenate', '6×6×256', 0],
      ['Flatten', '9216', 0],
      ...twice('Dense', '2048', 18_876_416),
      ...twice('Dropout', '2048', 0),
      ['Concatenate', '4096', 0],
      ...twice('Dense', '2048', 8_390_656),
      ...twice('Dropout', '2048', 0),
      ['Concatenate', '4096', 0],
      ['Dense', '1000', 4_097_000],
    ])
    expect(summarize(model).totals.parameters).toBe(60_965_224)
  })

  it('starts as §5 says: weights with deviation 0.01, biases of 1 in five layers of a tower and of 0 elsewhere', () => {
    const kernels = model.weights.filter(({ key }) => key === 'kernel')
    expect(kernels.map(({ initializer }) => initializer)).toEqual(
      Array(15).fill({ type: 'randomNormal', mean: 0, standardDeviation: 0.01 }),
    )
    const atZero = model.weights.filter(({ initializer }) => initializer.type === 'zeros').map(({ name }) => name)
    const layers = ['conv2d', 'conv2d_2', 'conv2d_4', 'conv2d_7', 'dense_4']
    expect(atZero).toEqual(layers.map((layer) => `${layer}/bias`))
    expect(model.weights.filter(({ initializer }) => initializer.type === 'ones')).toHaveLength(10)
  })

  it('keeps pixels in the range of bytes, for which those weights are', () => {
    expect(alexnetTwoTower.tags.paper2012.preprocessing.standardDeviation).toEqual([1 / 255])
  })
})

const imageShape = [67, 67, 3] as const

/** The normalisation, of each half of the channels by itself: the halves are laid side by side, as columns. */
function normalizedByTower(x: SymbolicTensor): SymbolicTensor {
  const [height = 0, width = 0, channels = 0] = x.shape
  const halves = reshape({ targetShape: [height, width * 2, channels / 2] })(x)
  const normalized = localResponseNormalization({ depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.75 })(halves)
  return reshape({ targetShape: [height, width, channels] })(normalized)
}

/** The same network in one tower, whose convolutions have groups where the paper has GPUs. */
function grouped(): Model {
  const images = input({ shape: imageShape })
  let x = conv2d({ filters: 96, kernelSize: 11, strides: 4, activation: 'relu' })(images)
  x = maxPool2d({ poolSize: 3, strides: 2 })(normalizedByTower(x))
  x = conv2d({ filters: 256, kernelSize: 5, padding: 'same', groups: 2, activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(normalizedByTower(x))
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', groups: 2, activation: 'relu' })(x)
  x = conv2d({ filters: 256, kernelSize: 3, padding: 'same', groups: 2, activation: 'relu' })(x)
  x = flatten()(maxPool2d({ poolSize: 3, strides: 2 })(x))
  x = dense({ units: 4096, activation: 'relu' })(x)
  x = dense({ units: 4096, activation: 'relu' })(x)
  return functionalModel({ inputs: images, output: dense({ units: 10, activation: 'softmax' })(x) })
}

/** The layers of the towers, first and second, that make each layer of the network with groups. */
const halves: Readonly<Record<string, readonly string[]>> = {
  conv2d: ['conv2d', 'conv2d_2'],
  conv2d_1: ['conv2d_1', 'conv2d_3'],
  conv2d_2: ['conv2d_4', 'conv2d_7'],
  conv2d_3: ['conv2d_5', 'conv2d_8'],
  conv2d_4: ['conv2d_6', 'conv2d_9'],
  dense: ['dense', 'dense_1'],
  dense_1: ['dense_2', 'dense_3'],
  dense_2: ['dense_4'],
}

type Weights = ReadonlyMap<string, Float32Array>

const programOf = (of: Model) =>
  createProgram({ model: of, loss: categoricalCrossentropy(), batchSizes: { predict: [1] } })

const weightsOf = (of: Model): Weights =>
  new Map([...initialState(programOf(of), 3)].map(({ name, data }) => [name, data]))

/** Two tensors side by side along their last axis. */
function sideBySide([first, second]: readonly Float32Array[], columns: number): Float32Array {
  if (first === undefined) throw new Error('There is nothing to lay side by side.')
  if (second === undefined) return first
  const both = new Float32Array(first.length + second.length)
  for (let row = 0; row * columns < first.length; row++) {
    both.set(first.subarray(row * columns, (row + 1) * columns), 2 * row * columns)
    both.set(second.subarray(row * columns, (row + 1) * columns), (2 * row + 1) * columns)
  }
  return both
}

function joined(of: Model, towers: Weights, order: (layers: readonly string[]) => readonly string[]): Weights {
  return new Map(
    of.weights.map(({ name, shape, key }) => {
      const layers = order(halves[name.slice(0, name.lastIndexOf('/'))] ?? [])
      const parts = layers.map((layer) => towers.get(`${layer}/${key}`) ?? new Float32Array())
      return [name, sideBySide(parts, (shape.at(-1) ?? 0) / layers.length)]
    }),
  )
}

async function predicted(of: Model, weights: Weights, images: Float32Array): Promise<readonly number[]> {
  const program = programOf(of)
  const executable = await interpreterEngine().compile(program)
  await executable.writeState(
    program.state.map(({ name, shape }) => ({ name, shape, data: weights.get(name) ?? new Float32Array() })),
  )
  const { probabilities = [] } = await executable.run('predict/1', { images })
  await executable.dispose()
  return Array.from(probabilities, Number)
}

describe('the towers', () => {
  it('are, in function, the groups of convolutions in one tower', { timeout: 240_000 }, async () => {
    const towers = createModel('alexnet-twotower.paper2012', { input: imageShape, classes: 10 })
    const one = grouped()
    const weights = weightsOf(towers)
    const images = Float32Array.from({ length: 67 * 67 * 3 }, (_, index) => 100 * Math.sin(index * index))
    const expected = await predicted(
      one,
      joined(one, weights, (layers) => layers),
      images,
    )
    const received = await predicted(towers, weights, images)
    expect(Math.max(...received) - Math.min(...received)).toBeGreaterThan(0.01)
    received.forEach((each, index) => {
      expect(each).toBeCloseTo(expected[index] ?? Number.NaN, 6)
    })
    // Were the halves exchanged, it would be seen.
    const exchanged = await predicted(
      one,
      joined(one, weights, (layers) => [...layers].reverse()),
      images,
    )
    expect(Math.max(...exchanged.map((each, index) => Math.abs(each - (received[index] ?? 0))))).toBeGreaterThan(1e-4)
  })
})
