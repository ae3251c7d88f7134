import { describeArguments, methodsOf } from '../../../tools/argument-face.js'
import * as core from './index.js'
import * as interpreter from './interpreter.js'
import * as worker from './worker.js'

const images = core.input({ shape: [4, 4, 1] })
const output = core.dense({ units: 2 })(core.flatten()(images))
const model = core.functionalModel({ inputs: images, output })
const loss = core.categoricalCrossentropy()
const builder = new core.GraphBuilder()
const ops = core.opsFor(builder)
const value = ops.constant(1, [2, 3])
const summary = core.summarize(model)
const program = core.createProgram({
  model,
  loss,
  optimizer: core.sgdw({ weightDecay: 0 }),
  batchSizes: { predict: [1] },
})
const convolution = {
  strides: [1, 1],
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
  dilations: [1, 1],
  groups: 1,
} as const
const pool = { size: [2, 2], strides: [1, 1], padding: convolution.padding } as const

const tag = {
  defaults: { input: [4, 4, 1], classes: 2 },
  preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
  build: ({ input, classes }) => core.dense({ units: classes })(core.flatten()(input)),
} as const satisfies core.ArchitectureTag

const architecture = core.defineArchitecture({
  specification: 'architecture/v1',
  package: { name: '@test/arguments', version: '1.0.0' },
  name: 'arguments-net',
  title: 'Arguments',
  paper: { title: 'Arguments', authors: [], year: 2000, url: 'https://example.org/' },
  tags: { only: tag },
})

describeArguments('@convzoo/core', {
  exports: core,
  made: [model, ops, value, summary, program, architecture],
  calls: {
    activation: [{ function: 'relu' }],
    adamW: [
      {
        learningRate: 0.1,
        weightDecay: 0.1,
        beta1: 0.9,
        beta2: 0.9,
        epsilon: 1e-8,
        clipping: {},
        excludeFromWeightDecay: [],
      },
    ],
    add: [{}],
    averageName: ['dense/kernel'],
    averagePool2d: [{ poolSize: 2, strides: 2, padding: 'valid' }],
    axisLength: [[1, 2], 0],
    axisPadding: ['same', 4, 2, 1],
    batchNormalization: [{}],
    borderOf: ['same', [4, 4], [2, 2], [1, 1]],
    broadcastShapes: [[1, 2], [2]],
    categoricalCrossentropy: [{ labelSmoothing: 0.1 }],
    clip: [ops, [value], { norm: 1, value: 1, globalNorm: 1 }],
    concatenate: [{}],
    constant: [{ value: 0.1 }],
    constrain: [ops, value, core.maxNorm(1)],
    conv2d: [{ filters: 1, kernelSize: 1 }],
    convolutionSize: [[4, 4], [2, 2], convolution],
    ConvzooError: [{ kind: 'option', message: 'x' }],
    cosine: [{ initial: 0.1, steps: 10, final: 0 }],
    costOf: [model],
    createModel: [
      architecture,
      { input: [4, 4, 1], classes: 2, tag: 'only', name: 'x', scope: core.createNameScope() },
    ],
    createNameScope: [{ Conv2D: 1 }],
    createProgram: [
      {
        model,
        loss,
        optimizer: core.sgd(),
        average: { decay: 0.9 },
        accumulation: true,
        batchSizes: { train: [1] },
        stochastic: true,
      },
    ],
    createRegistry: [() => {}],
    defaultTag: [architecture],
    defineArchitecture: [architecture],
    defineLayer: [
      { type: 'same', keras: 'Same', options: core.defineOptions({}), outputShape: () => [1], call: () => value },
    ],
    defineOptions: [{ batchSize: core.integer(1) }],
    dense: [{ units: 1 }],
    describeValue: [1],
    dilatedSize: [2, 1],
    dropout: [{ rate: 0.5 }],
    exponential: [{ initial: 0.1, gamma: 0.5, steps: 1 }],
    fans: [[1, 2]],
    fillNormal: [[1, 2], new Float32Array(2), 2],
    fillUniform: [[1, 2], 0, new Float32Array(2), 0, 2],
    flatten: [{}],
    flattenSamples: [ops, value],
    formatShape: [[1], { batch: true }],
    functionName: ['train', 32],
    functionOf: [],
    functionalModel: [{ inputs: images, output, classes: 2, auxiliary: [], name: 'x' }],
    globalAveragePooling2d: [{}],
    globalMaxPooling2d: [{}],
    gradientName: ['dense/kernel'],
    gradients: [builder, ops, value, [value]],
    GraphBuilder: [],
    idsOf: [architecture],
    initialState: [program, 1],
    initialize: [core.zeros, [1], 1, 'dense/kernel'],
    input: [{ shape: [1], name: 'x', scope: core.createNameScope() }],
    integer: [1],
    internalError: ['x'],
    isAbortSignal: [1],
    isArrayBuffer: [1],
    isAsyncIterable: [1],
    isError: [1],
    isFloat32Array: [1],
    isFloat64Array: [1],
    isIterable: [1],
    fieldsOf: [{ a: 1 }, ['a']],
    isNumbers: [1],
    isOptionsObject: [1],
    isPromise: [1],
    requireArguments: ['it', { known: [core.integer(1), 1] }],
    isRegExp: [1],
    isShape: [1],
    isSymbolicTensor: [1],
    isTypedArray: [1],
    isUint32Array: [1],
    isUint8Array: [1],
    leakyRelu: [{}],
    localResponseNormalization: [{}],
    matching: ['a text', (given: unknown) => typeof given === 'string'],
    maxNorm: [1],
    meantBy: [1],
    maxPool2d: [{}],
    maxRms: [1],
    messageOf: [new Error('x')],
    movedAverage: [ops, value, value, ops.constant(1)],
    nearestNames: ['a', ['b']],
    numberAbove: [1],
    numberFrom: [1],
    numberIn: [0, 1],
    oneOf: ['a'],
    opsFor: [builder],
    optional: [core.integer(1), 1],
    pair: [1],
    parseSchedule: [{ type: 'constant', value: 0.1 }],
    permutation: [[1, 2], 'shuffle', 0, 4],
    piecewise: [{ boundaries: [1], values: [1, 2] }],
    polynomial: [{ initial: 0.1, steps: 10, final: 0, power: 1 }],
    poolSize: [[4, 4], pool],
    preprocessingFor: [tag, [4, 4, 1]],
    printable: ['x', 3],
    randomNormal: [{}],
    randomUniform: [{}],
    register: [architecture],
    renderDot: [model, {}],
    renderJson: [summary, { cost: core.costOf(model) }],
    renderKeras: [summary, { cost: core.costOf(model) }],
    requireClasses: [model],
    requireKnownOptions: ['it', { known: 1 }, ['known']],
    requireSpecification: ['it', 'x/v1', 'x/v1'],
    required: ['a text', () => 'x'],
    sameShape: [[1], [1]],
    scalarsAt: [core.sgd(), 0, { decay: 0.9 }],
    scaleWithin: [ops, value, ops.constant(1), 1],
    seedWords: [1],
    sgd: [{ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0 }],
    sgdL2: [{ learningRate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 0, dampening: 0, convention: 'pytorch' }],
    sgdw: [{ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0 }],
    sharedRegistry: [],
    sizeOf: [[1]],
    slotName: ['dense/kernel', 'velocity'],
    snakeCase: ['Conv2D'],
    stepDecay: [{ initial: 0.1, every: 2, gamma: 0.5 }],
    stepKey: [[1, 2], 1],
    streamKey: [[1, 2], 'x'],
    stridesOf: [[1]],
    summarize: [model],
    threefry2x32: [1, 2, 3, 4, new Uint32Array(2)],
    truncatedNormal: [{}],
    uniformForSamples: [{ seed: [1, 2], stream: 'x', step: 0, sampleIndices: [0, 1] }, new Float32Array(4)],
    unusableOption: ['x', {}],
    valueAt: [0.1, 1],
    warmUp: [{ steps: 2, schedule: 0.1 }],
    windowCount: [4, 2, 1, 0],
    withAuxiliaryHeads: [model],
    zeroPadding2d: [{}],
  },
  optional: [
    ...[
      'adamW',
      'add',
      'averagePool2d',
      'batchNormalization',
      'categoricalCrossentropy',
      'concatenate',
      'createRegistry',
    ],
    ...[
      'createNameScope',
      'flatten',
      'functionOf',
      'globalAveragePooling2d',
      'globalMaxPooling2d',
      'GraphBuilder',
      'leakyRelu',
    ],
    ...['localResponseNormalization', 'maxPool2d', 'randomNormal', 'randomUniform', 'sgd', 'sgdL2', 'sharedRegistry'],
    ...['truncatedNormal', 'zeroPadding2d'],
  ],
  anything: [
    ...[
      'describeValue',
      'meantBy',
      'messageOf',
      'printable',
      'requireSpecification',
      'isAbortSignal',
      'isArrayBuffer',
      'isAsyncIterable',
    ],
    ...[
      'isError',
      'isFloat32Array',
      'isFloat64Array',
      'isIterable',
      'isNumbers',
      'isOptionsObject',
      'isPromise',
      'isRegExp',
    ],
    ...['isShape', 'isSymbolicTensor', 'isTypedArray', 'isUint32Array', 'isUint8Array'],
  ],
  accepts: {
    axisLength: { 1: 'negative' },
    clip: { 2: 'nothing' },
    createNameScope: { 0: 'nothing, object, instance' },
    createModel: { 1: 'nothing' },
    fieldsOf: { 0: 'list, object, instance', 1: 'anything', '0.a': 'anything' },
    fillNormal: { 2: 'nothing' },
    fillUniform: { 3: 'nothing', 4: 'nothing' },
    formatShape: { 1: 'nothing' },
    integer: { 0: 'negative' },
    nearestNames: { 1: 'list' },
    numberAbove: { 0: 'negative' },
    numberFrom: { 0: 'negative' },
    numberIn: { 0: 'negative', 1: 'negative' },
    optional: { 1: 'anything', '0.fallback': 'anything', '0.required': 'anything' },
    pair: { 0: 'negative' },
    preprocessingFor: { '0.build': 'anything' },
    printable: { 1: 'anything' },
    renderDot: { 1: 'nothing' },
    renderJson: { 1: 'nothing' },
    renderKeras: { 1: 'nothing' },
    requireArguments: { 1: 'instance' },
    requireKnownOptions: { 1: 'nothing', '1.known': 'anything' },
    scalarsAt: {
      2: 'nothing',
      '0.name': 'anything',
      '0.clipping': 'anything',
      '0.decay': 'anything',
      '0.decays': 'anything',
      '0.scalars': 'instance',
      '0.slots': 'anything',
      '0.update': 'anything',
    },
    threefry2x32: { 0: 'negative', 1: 'negative', 2: 'negative', 3: 'negative' },
    unusableOption: { 1: 'object, instance' },
    windowCount: { 3: 'nothing' },
  },
})

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
const one = ['negate', 'exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'relu', 'square', 'isFinite', 'softmax', 'logSoftmax']
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
  accepts: { apply: { 2: 'object, instance' } },
})
let count = 0

const graph = (() => {
  const made = new core.GraphBuilder()
  made.output('y', core.opsFor(made).constant(1))
  return made.finish('one')
})()

describeArguments('@convzoo/core/interpreter', {
  exports: interpreter,
  made: [graph],
  calls: {
    interpret: [graph, { inputs: {}, state: new Map(), precision: 'float64' }],
    interpreterEngine: [{ precision: 'float64' }],
  },
  accepts: { interpret: { '1.inputs': 'instance' } },
  optional: ['interpreterEngine'],
})

describeArguments('an engine', {
  exports: { ...interpreter.interpreterEngine() },
  made: [program],
  calls: { compile: [program, { log: () => {} }], devices: [] },
  optional: ['devices'],
  accepts: { compile: { 1: 'nothing' } },
})

const executable = await interpreter.interpreterEngine().compile(program)
const weights = { name: 'dense/kernel', shape: [16, 2], data: new Float32Array(32) }

describeArguments('a compiled program', {
  exports: methodsOf(executable),
  calls: {
    readState: [['dense/kernel']],
    run: ['predict/1', { images: new Float32Array(16) }],
    writeState: [[weights]],
    dispose: [],
  },
  optional: ['dispose', 'readState'],
})

const channel = { postMessage: () => {}, on: () => {}, ref: () => {}, unref: () => {} }
const client = new worker.WorkerClient(channel, 'nothing')
const host = { runtime: 'nothing', start: () => Promise.reject(new Error('It is not started.')) }

describeArguments('@convzoo/core/worker', {
  exports: worker,
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
    window: [[[4, 4, 1]]],
  },
  accepts: { outputShape: { 1: 'nothing' }, weights: { 1: 'nothing' } },
})

const inputs = { ops: traced, weight: matrix, gradient: matrix, learningRate: matrix, weightDecay: matrix }
const rule = { ...inputs, slots: { velocity: matrix }, scalars: {} }
describeArguments('an optimizer', {
  exports: methodsOf(core.sgd({ momentum: 0.9 })),
  made: [traced, matrix],
  calls: { decays: ['dense/kernel'], decay: [{ ...inputs, scalars: {} }], update: [rule] },
  accepts: { decay: { '0.scalars': 'object, instance' }, update: { '0.scalars': 'object, instance' } },
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
