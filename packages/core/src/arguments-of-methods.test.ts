import { describeArguments, methodsOf } from '../../../tools/argument-face.js'
import * as core from './testing/faces.js'
import { architecture, convolution, images, pool, program } from './testing/made.js'

const { interpret, interpreterEngine, RemoteExecutable, serve, WorkerClient } = core
const made = new core.GraphBuilder()
const traced = core.opsFor(made)
const x = made.input('x', { shape: [2, 4, 4, 2], dtype: 'float32' })
const kernel = made.input('kernel', { shape: [2, 2, 2, 3], dtype: 'float32' })
const matrix = made.input('matrix', { shape: [2, 3], dtype: 'float32' })
const square = made.input('square', { shape: [3, 3], dtype: 'float32' })
const truth = traced.isFinite(matrix)
const convolved = traced.conv2d(x, kernel, convolution)
const pooled = traced.maxPool2d(x, pool)
const normalization = { radius: 1, bias: 1, alpha: 1, beta: 0.5 }
const one = [
  'negate',
  'exp',
  'log',
  'sqrt',
  'tanh',
  'sigmoid',
  'erf',
  'relu',
  'square',
  'isFinite',
  'softmax',
  'logSoftmax',
]
const two = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'equal',
  'greater',
  'greaterOrEqual',
]
const numbers = { 0: 'NaN, negative, fraction, huge', 1: 'NaN, negative, fraction, huge' }

describeArguments('the ops of layers, losses and optimizers', {
  exports: { ...traced },
  made: [x, kernel, matrix, square, truth, convolved, pooled],
  calls: {
    ...Object.fromEntries(one.map((name) => [name, [matrix]])),
    ...Object.fromEntries(two.map((name) => [name, [matrix, matrix]])),
    and: [truth, truth],
    averagePool2d: [x, pool],
    averagePool2dGradient: [pooled, { ...pool, imageSize: [4, 4] }],
    broadcastTo: [matrix, [2, 2, 3]],
    concatenate: [[matrix, matrix], 0],
    constant: [1, [2]],
    conv2d: [x, kernel, convolution],
    conv2dInputGradient: [convolved, kernel, { ...convolution, imageSize: [4, 4] }],
    conv2dKernelGradient: [x, convolved, { ...convolution, kernelSize: [2, 2] }],
    localResponseNormalization: [x, normalization],
    localResponseNormalizationGradient: [x, x, normalization],
    matMul: [matrix, square, { transposeA: false, transposeB: true }],
    max: [matrix, { axes: [0], keepDimensions: true }],
    maxPool2d: [x, pool],
    maxPool2dGradient: [x, pooled, pool],
    mean: [matrix, { axes: [0], keepDimensions: true }],
    not: [truth],
    pad: [
      matrix,
      [
        [0, 1],
        [1, 0],
      ],
    ],
    padImage: [x, { top: 1, bottom: 0, left: 0, right: 0 }],
    reshape: [matrix, [3, 2]],
    select: [truth, matrix, matrix],
    slice: [matrix, [0, 0], [1, 1]],
    sum: [matrix, { axes: [0], keepDimensions: true }],
    transpose: [matrix, [1, 0]],
  },
  accepts: {
    ...Object.fromEntries(two.map((name) => [name, numbers])),
    concatenate: { 1: 'negative' },
    constant: { 0: 'NaN, negative', 1: 'nothing' },
    localResponseNormalization: { '1.alpha': 'negative', '1.beta': 'negative' },
    localResponseNormalizationGradient: { '2.alpha': 'negative', '2.beta': 'negative' },
    matMul: { 2: 'nothing' },
    max: { 1: 'nothing' },
    mean: { 1: 'nothing' },
    select: { 1: 'NaN, negative, fraction, huge', 2: 'NaN, negative, fraction, huge' },
    sum: { 1: 'nothing' },
  },
})

describeArguments('a graph under construction', {
  exports: methodsOf(made),
  made: [x, matrix, truth],
  calls: {
    apply: ['add', [matrix, matrix], {}],
    assign: () => [`state ${String(count++)}`, matrix],
    finish: ['f'],
    guard: [made.valueOf(0)],
    input: ['y', { shape: [1], dtype: 'float32' }],
    node: [x],
    output: ['y', x],
    owns: [1],
    state: ['s', { shape: [1], dtype: 'float32' }],
    valueOf: [0],
  },
  anything: ['owns'],
  accepts: { apply: { 2: 'object' } },
})
let count = 0

const graph = (() => {
  const made = new core.GraphBuilder()
  made.output('y', core.opsFor(made).constant(1))
  return made.finish('one')
})()

describeArguments('the interpreter', {
  exports: { interpret, interpreterEngine },
  made: [graph],
  calls: {
    interpret: [graph, { inputs: {}, state: new Map(), precision: 'float64' }],
    interpreterEngine: [{ precision: 'float64' }],
  },
  optional: ['interpreterEngine'],
})

describeArguments('an engine', {
  exports: { ...core.interpreterEngine() },
  made: [program],
  calls: { compile: [program, { log: () => {} }], devices: [] },
  optional: ['devices'],
  accepts: { compile: { 1: 'nothing' } },
})

const compiled = async () => methodsOf(await core.interpreterEngine().compile(program))
const weights = { name: 'dense/kernel', shape: [16, 2], data: new Float32Array(32) }

describeArguments('a compiled program', {
  exports: await compiled(),
  anew: compiled,
  calls: {
    readState: [['dense/kernel']],
    run: ['predict/1', { images: new Float32Array(16) }],
    writeState: [[weights]],
    dispose: [],
  },
  optional: ['dispose', 'readState'],
})

const channel = { postMessage: () => {}, on: () => {}, ref: () => {}, unref: () => {} }
const client = new core.WorkerClient(channel, 'nothing')
const host = { runtime: 'nothing', start: () => Promise.reject(new Error('It is not started.')) }

describeArguments('engines in a thread', {
  exports: { RemoteExecutable, serve, WorkerClient },
  made: [channel, client, program],
  calls: {
    serve: [channel, host],
    WorkerClient: [channel, 'nothing'],
    RemoteExecutable: ['nothing', { client, program, start: undefined, end: async () => {} }],
  },
  accepts: { RemoteExecutable: { 0: 'anything', '1.start': 'anything' } },
})

const flat = core.flatten()(images)

describeArguments('a layer', {
  exports: { dense: core.dense({ units: 1 }), add: core.add() },
  made: [images, flat],
  calls: { dense: [flat], add: [[images, images]] },
})

const { layer } = flat.application.owner

describeArguments('a layer of a model', {
  exports: methodsOf(layer),
  made: [traced],
  calls: {
    call: [{ ops: traced, training: false, random: () => matrix, assign: () => {} }, [x], () => matrix],
    multiplyAdds: [[[4, 4, 1]], [16]],
    outputShape: [[[4, 4, 1]], 'flatten'],
    weights: [[[4, 4, 1]], 'flatten'],
    withOptions: [{}],
    window: [[[4, 4, 1]]],
  },
  accepts: { outputShape: { 1: 'nothing' }, weights: { 1: 'nothing' } },
})

const inputs = {
  ops: traced,
  name: 'dense/kernel',
  decays: true,
  weight: matrix,
  gradient: matrix,
  learningRate: matrix,
  weightDecay: matrix,
}
const rule = { ...inputs, slots: { velocity: matrix }, scalars: {} }
describeArguments('an optimizer', {
  exports: methodsOf(core.sgd({ momentum: 0.9 })),
  made: [traced, matrix],
  calls: { decays: ['dense/kernel'], decay: [{ ...inputs, scalars: {} }], update: [rule] },
  accepts: { decay: { '0.scalars': 'object' }, update: { '0.scalars': 'object' } },
})

describeArguments('a loss', {
  exports: methodsOf(core.categoricalCrossentropy()),
  made: [traced, matrix],
  calls: { losses: [{ ops: traced, output: matrix, logits: matrix, targets: matrix }] },
})

const registry = core.createRegistry(() => {})
registry.register(architecture)

describeArguments('a registry', {
  exports: methodsOf(registry),
  made: [architecture],
  calls: { list: [], register: [architecture], resolve: ['arguments-net'] },
  optional: ['list'],
})

describeArguments('a scope of names', { exports: methodsOf(core.createNameScope()), calls: { next: ['Conv2D'] } })
