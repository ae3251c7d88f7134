import { describeOptions } from '../../../tools/option-face.js'
import * as core from './testing/faces.js'

const images = core.input({ shape: [4, 4, 1] })
const output = core.dense({ units: 2 })(core.flatten()(images))
const model = core.functionalModel({ inputs: images, output })
const loss = core.categoricalCrossentropy()
const builder = new core.GraphBuilder()
const ops = core.opsFor(builder)
const summary = core.summarize(model)
const same: core.ActivationFunction = (_, x) => x

const architecture = core.defineArchitecture({
  specification: 'architecture/v1',
  package: { name: '@test/options', version: '1.0.0' },
  name: 'options-net',
  title: 'Options',
  paper: { title: 'Options', authors: [], year: 2000, url: 'https://example.org/' },
  tags: {
    only: {
      defaults: { input: [4, 4, 1], classes: 2 },
      preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
      build: ({ input, classes }) => core.dense({ units: classes })(core.flatten()(input)),
    },
  },
})

const { interpret, interpreterEngine, RemoteExecutable, serve, WorkerClient, ...others } = core

describeOptions('@convzoo/core', {
  exports: others,
  cases: {
    activation: (unknown) => core.activation({ function: 'relu', ...unknown }),
    adamW: (unknown) => core.adamW({ ...unknown }),
    add: (unknown) => core.add({ ...unknown }),
    averagePool2d: (unknown) => core.averagePool2d({ ...unknown }),
    batchNormalization: (unknown) => core.batchNormalization({ ...unknown }),
    categoricalCrossentropy: (unknown) => core.categoricalCrossentropy({ ...unknown }),
    concatenate: (unknown) => core.concatenate({ ...unknown }),
    constant: (unknown) => core.constant({ value: 0.1, ...unknown }),
    conv2d: (unknown) => core.conv2d({ filters: 1, kernelSize: 1, ...unknown }),
    cosine: (unknown) => core.cosine({ initial: 0.1, steps: 10, ...unknown }),
    createModel: (unknown) => core.createModel(architecture, { ...unknown }),
    createProgram: (unknown) => core.createProgram({ model, loss, ...unknown }),
    defineCallback: (unknown) =>
      core.defineCallback({
        specification: 'callback/v1',
        name: 'none',
        title: 'none',
        options: {},
        create: () => ({}),
        ...unknown,
      }),
    defineDataset: (unknown) =>
      core.defineDataset({
        specification: 'dataset/v1',
        name: 'none',
        title: 'none',
        options: {},
        load: () => ({ classes: ['a'], train: () => ({ images: new Uint8Array(1), shape: [1, 1, 1], labels: [0] }) }),
        ...unknown,
      }),
    defineEngine: (unknown) =>
      core.defineEngine({
        specification: 'engine/v1',
        name: 'none',
        title: 'None',
        options: {},
        create: () => core.interpreterEngine(),
        ...unknown,
      }),
    defineLayer: (unknown) =>
      core.defineLayer({
        type: 'same',
        keras: 'Same',
        options: core.defineOptions({}),
        outputShape: ([x]) => x,
        call: (_, [x]) => x,
        ...unknown,
      }),
    defineLoss: (unknown) =>
      core.defineLoss({
        specification: 'loss/v1',
        name: 'none',
        title: 'none',
        options: {},
        losses: ({ output }) => output,
        ...unknown,
      }),
    defineOptimizer: (unknown) =>
      core.defineOptimizer({
        specification: 'optimizer/v1',
        name: 'still',
        title: 'still',
        learningRate: 0.1,
        options: {},
        rule: () => ({ update: ({ weight }) => ({ weight, slots: {} }) }),
        ...unknown,
      }),
    defineSchedule: (unknown) =>
      core.defineSchedule({
        specification: 'schedule/v1',
        package: '@test/options',
        name: 'same',
        title: 'the same',
        options: {},
        at: () => 1,
        ...unknown,
      }),
    dense: (unknown) => core.dense({ units: 1, ...unknown }),
    dropout: (unknown) => core.dropout({ rate: 0.5, ...unknown }),
    exponential: (unknown) => core.exponential({ initial: 0.1, gamma: 0.5, ...unknown }),
    flatten: (unknown) => core.flatten({ ...unknown }),
    formatShape: (unknown) => core.formatShape([1], { ...unknown }),
    functionalModel: (unknown) => core.functionalModel({ inputs: images, output, ...unknown }),
    globalAveragePooling2d: (unknown) => core.globalAveragePooling2d({ ...unknown }),
    globalMaxPooling2d: (unknown) => core.globalMaxPooling2d({ ...unknown }),
    input: (unknown) => core.input({ shape: [1], ...unknown }),
    leakyRelu: (unknown) => core.leakyRelu({ ...unknown }),
    localResponseNormalization: (unknown) => core.localResponseNormalization({ ...unknown }),
    maxPool2d: (unknown) => core.maxPool2d({ ...unknown }),
    oneCycle: (unknown) => core.oneCycle({ maximum: 0.1, steps: 10, ...unknown }),
    piecewise: (unknown) => core.piecewise({ boundaries: [1], values: [1, 2], ...unknown }),
    polynomial: (unknown) => core.polynomial({ initial: 0.1, steps: 10, ...unknown }),
    randomNormal: (unknown) => core.randomNormal({ ...unknown }),
    randomUniform: (unknown) => core.randomUniform({ ...unknown }),
    renderDot: (unknown) => core.renderDot(model, { ...unknown }),
    renderJson: (unknown) => core.renderJson(summary, { ...unknown }),
    renderKeras: (unknown) => core.renderKeras(summary, { ...unknown }),
    requireKnownOptions: (unknown) => core.requireKnownOptions('it', { ...unknown }, ['known']),
    scheduleOverRun: (unknown) => core.scheduleOverRun('cosine', { initial: 0.1, steps: 10 }, { ...unknown }),
    sgd: (unknown) => core.sgd({ ...unknown }),
    sgdL2: (unknown) => core.sgdL2({ ...unknown }),
    sgdw: (unknown) => core.sgdw({ weightDecay: 0, ...unknown }),
    stepDecay: (unknown) => core.stepDecay({ initial: 0.1, every: 2, gamma: 0.5, ...unknown }),
    truncatedNormal: (unknown) => core.truncatedNormal({ ...unknown }),
    uniformForSamples: (unknown) =>
      core.uniformForSamples(
        { seed: [0, 0], stream: 'x', step: 0, sampleIndices: [0], ...unknown },
        new Float32Array(1),
      ),
    warmUp: (unknown) => core.warmUp({ steps: 2, schedule: 0.1, ...unknown }),
    channelShuffle: (unknown) => core.channelShuffle({ groups: 1, ...unknown }),
    defineActivation: (unknown) => core.defineActivation({ name: 'same', call: (_, x) => x, ...unknown }),
    depthwiseConv2d: (unknown) => core.depthwiseConv2d({ kernelSize: 1, ...unknown }),
    elu: (unknown) => core.elu({ ...unknown }),
    gelu: (unknown) => core.gelu({ ...unknown }),
    hardSigmoid: (unknown) => core.hardSigmoid({ ...unknown }),
    hardSwish: (unknown) => core.hardSwish({ ...unknown }),
    layerNormalization: (unknown) => core.layerNormalization({ ...unknown }),
    mish: (unknown) => core.mish({ ...unknown }),
    multiply: (unknown) => core.multiply({ ...unknown }),
    permute: (unknown) => core.permute({ dims: [1], ...unknown }),
    registerActivation: (unknown) => core.registerActivation({ name: 'same', call: same, ...unknown }),
    relu: (unknown) => core.relu({ ...unknown }),
    relu6: (unknown) => core.relu6({ ...unknown }),
    reshape: (unknown) => core.reshape({ targetShape: [1], ...unknown }),
    selu: (unknown) => core.selu({ ...unknown }),
    separableConv2d: (unknown) => core.separableConv2d({ filters: 1, kernelSize: 1, ...unknown }),
    sigmoid: (unknown) => core.sigmoid({ ...unknown }),
    silu: (unknown) => core.silu({ ...unknown }),
    softmax: (unknown) => core.softmax({ ...unknown }),
    softplus: (unknown) => core.softplus({ ...unknown }),
    tanh: (unknown) => core.tanh({ ...unknown }),
    zeroPadding2d: (unknown) => core.zeroPadding2d({ ...unknown }),
    parseSchedule: (unknown) => core.parseSchedule({ type: 'constant', value: 0.1, ...unknown }),
  },
  without: {
    'takes its arguments one by one': [
      'axisLength',
      'borderOf',
      'compareDevices',
      'convolutionSize',
      'costOf',
      'createNameScope',
      'createRegistry',
      'defaultTag',
      'describeValue',
      'dilatedSize',
      'fillUniform',
      'flattenSamples',
      'functionName',
      'averageName',
      'gradientName',
      'gradients',
      'idsOf',
      'isDatasetDefinition',
      'isLossDefinition',
      'isOptimizerDefinition',
      'jsonSchemaOf',
      'scheduleDefinitions',
      'schemaOf',
      'initialState',
      'initialize',
      'internalError',
      'isAbortSignal',
      'isArrayBuffer',
      'isAsyncIterable',
      'isCallbackDefinition',
      'isEngineDefinition',
      'isError',
      'isFloat32Array',
      'isIterable',
      'isRegExp',
      'isNumbers',
      'isOptionsObject',
      'isShape',
      'isSharedArrayBuffer',
      'isUint8Array',
      'messageOf',
      'requireArguments',
      'maxNorm',
      'maxRms',
      'nearestNames',
      'opsFor',
      'permutation',
      'poolSize',
      'preprocessingFor',
      'byteArithmetic',
      'normalizationOf',
      'whiteningOf',
      'printable',
      'requireClasses',
      'requireSpecification',
      'sameShape',
      'scalarsAt',
      'seedWords',
      'sharedRegistry',
      'permuteAxes',
      'sizeOf',
      'slotName',
      'stepKey',
      'streamKey',
      'summarize',
      'valueAt',
      'withAuxiliaryHeads',
      'freeze',
      'matchWeights',
      'replaceHead',
      'submodel',
      'unfreeze',
    ],
    'makes an option kind': [
      'defineOptions',
      'described',
      'written',
      'functionOf',
      'integer',
      'matching',
      'numberAbove',
      'numberFrom',
      'numberIn',
      'oneOf',
      'optional',
      'pair',
      'required',
      'withMethods',
    ],
    'takes a description under a versioned contract, to which later versions may add': [
      'defineArchitecture',
      'register',
    ],
    'takes values': ['coupledDecay', 'decoupledDecay', 'scaledDecay'],
    'takes any object': ['fieldsOf'],
    'takes the fields of an error': [
      'ConvzooError',
      'ConvzooError.isInstance',
      'ConvzooError.toFields',
      'unusableOption',
    ],
    'collects primitives with their attributes': [
      'GraphBuilder',
      'GraphBuilder.apply',
      'GraphBuilder.input',
      'GraphBuilder.state',
      'GraphBuilder.output',
      'GraphBuilder.assign',
      'GraphBuilder.guard',
      'GraphBuilder.node',
      'GraphBuilder.valueOf',
      'GraphBuilder.owns',
      'GraphBuilder.finish',
    ],
  },
})

const graph = (() => {
  const made = new core.GraphBuilder()
  made.output('y', core.opsFor(made).constant(1))
  return made.finish('one')
})()

describeOptions('@convzoo/core/engine', {
  exports: { interpret, interpreterEngine },
  cases: {
    interpret: (unknown) => core.interpret(graph, { inputs: {}, ...unknown }),
    interpreterEngine: (unknown) => core.interpreterEngine({ ...unknown }),
  },
  without: {},
})

const channel = { postMessage: () => {}, on: () => {}, ref: () => {}, unref: () => {} }
const client = new core.WorkerClient(channel, 'nothing')
const program = { state: [], functions: {} }

describeOptions('@convzoo/core/engine', {
  exports: { RemoteExecutable, serve, WorkerClient },
  cases: {
    serve: (unknown) =>
      core.serve(channel, {
        runtime: 'nothing',
        start: () => {
          throw new Error('It is not started.')
        },
        ...unknown,
      }),
    'RemoteExecutable.start': (unknown) =>
      core.RemoteExecutable.start({ client, program, start: undefined, end: async () => {}, ...unknown }),
  },
  without: {
    'is made by RemoteExecutable.start': ['RemoteExecutable'],
    'follows the contract of engines': [
      'RemoteExecutable.run',
      'RemoteExecutable.readState',
      'RemoteExecutable.writeState',
      'RemoteExecutable.dispose',
    ],
    'takes its arguments one by one': ['WorkerClient', 'WorkerClient.ask', 'WorkerClient.fail'],
  },
})

describeOptions('the ops of layers, losses and optimizers', {
  exports: { ...ops },
  cases: {
    sum: (unknown) => ops.sum(ops.constant(1), { ...unknown }),
    mean: (unknown) => ops.mean(ops.constant(1), { ...unknown }),
    max: (unknown) => ops.max(ops.constant(1), { ...unknown }),
    matMul: (unknown) => ops.matMul(ops.constant(1, [1, 1]), ops.constant(1, [1, 1]), { ...unknown }),
  },
  without: {
    'takes values': [
      ...['constant', 'add', 'subtract', 'multiply', 'divide', 'power', 'maximum', 'minimum', 'negate', 'exp', 'log'],
      ...[
        'sqrt',
        'tanh',
        'sigmoid',
        'erf',
        'relu',
        'square',
        'equal',
        'greater',
        'greaterOrEqual',
        'isFinite',
        'and',
        'not',
      ],
      ...['select', 'softmax', 'logSoftmax', 'reshape', 'transpose', 'broadcastTo', 'concatenate', 'slice', 'pad'],
    ],
    'takes attributes, all of which a primitive needs': [
      ...['conv2d', 'conv2dInputGradient', 'conv2dKernelGradient', 'maxPool2d', 'maxPool2dGradient', 'averagePool2d'],
      ...['averagePool2dGradient', 'localResponseNormalization', 'localResponseNormalizationGradient', 'padImage'],
    ],
  },
})
