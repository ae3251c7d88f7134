import { rmSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'
import { Project, tinyConfig } from './testing/project.js'

const project = new Project()
const folder = project.path('runs/made')
const quiet = { onWarning: () => undefined }
const methods: Record<string, unknown> = {}
const names = [
  'predict',
  'predictSamples',
  'evaluate',
  'drawMistakes',
  'visualize',
  'diagnose',
  'export',
  'trainer',
] as const
let run: entry.Run
for (const name of names) methods[name] = (...given: unknown[]) => Reflect.apply(Reflect.get(run, name), run, given)
beforeAll(async () => {
  const config = tinyConfig(await project.pictures(), { training: { epochs: 1 } })
  await entry.train(config, { folder, ...quiet })
  project.write('run.yaml', 'network: tiny\ndata: flowers\n')
  // Without a thread that is started for each look.
  run = await entry.openRun(folder, { engine: { name: 'tfjs', device: 'cpu' }, ...quiet })
})
afterAll(async () => {
  await run.dispose()
  project[Symbol.dispose]()
  // A text in the place of a path is a file beside the tests.
  rmSync('unknwon', { force: true })
})

describeArguments('@convzoo/run', {
  exports: entry,
  calls: {
    bringPlugins: [pathToFileURL(project.path('program.mjs')).href],
    chooseEngine: ['onnx', 'cpu'],
    inspectData: [project.path('flowers'), { validationSplit: 0.4, sheet: false, ...quiet }],
    importWeights: [project.path('none.pth'), { as: 'alexnet.torchvision', to: project.path('none.safetensors') }],
    inspectEngines: [],
    inspectMachine: [],
    installedChoices: [],
    dryRun: [{ network: 'tiny', data: project.path('none') }, quiet],
    findLearningRate: [
      { network: 'tiny', data: project.path('none') },
      { lowest: 1e-5, highest: 1, steps: 10, ...quiet },
    ],
    learningRatesPicture: [{ points: [{ learningRate: 0.1, loss: 2, smoothed: 2 }], suggestion: 0.1, divergedAt: 0.5 }],
    listRuns: [project.path('runs'), { sort: 'name', descending: false }],
    openEngine: [{ name: 'onnx', device: 'cpu' }, { announced: true }],
    exportWeights: [project.path('none.pth'), { as: 'alexnet.torchvision', to: project.path('none.safetensors') }],
    openRun: [folder, { engine: 'onnx', ...quiet }],
    openWeights: [`${folder}/weights.safetensors`, { as: 'tiny', input: [8, 8, 3], engine: 'onnx', ...quiet }],
    previewData: [project.path('flowers'), { network: 'tiny', images: 1, epochs: 1, ...quiet }],
    readConfigFile: [project.path('run.yaml')],
    recipesOf: ['tiny'],
    resume: [folder, { changes: {}, allowChangedData: false, callbacks: [], ...quiet }],
    resumeCommand: ['runs/first'],
    repeatCommand: ['runs/first'],
    evaluateCommand: ['runs/first'],
    predictCommand: ['runs/first'],
    askRun: [folder, 'stop'],
    runSchema: [{ plugins: false }],
    train: [
      { network: 'tiny', data: project.path('none') },
      { folder: project.path('runs/other'), ...quiet },
    ],
    withRecipe: ['notebook', { network: 'tiny' }],
  },
  without: {
    'openRun makes it': ['Run'],
    'openWeights makes it': ['TrainedNetwork'],
    'measures for seconds where nothing is said, see benchmark.test.ts': ['benchmark'],
  },
  absent: ['dryRun', 'exportWeights', 'findLearningRate', 'importWeights', 'train'],
  optional: ['inspectEngines', 'inspectMachine', 'installedChoices', 'runSchema'],
  accepts: {
    inspectData: { 1: 'nothing' },
    listRuns: { 1: 'nothing' },
    openEngine: { 1: 'nothing' },
    openRun: { 1: 'nothing', '1.engine': 'bare' },
    openWeights: { '1.engine': 'bare' },
    previewData: { 1: 'nothing' },
    resume: { 1: 'nothing' },
    // What a section holds is looked at where it is used, but for a network by its name.
    withRecipe: {
      '1.network':
        'null, NaN, negative, fraction, huge, list, object, function, instance, bigint, symbol, bare, promise, class',
    },
  },
})

describeArguments('a run', {
  exports: methods,
  calls: {
    predict: [[project.path('flowers')], { top: 1 }],
    predictSamples: [{ split: 'train', index: [0] }, { top: 1 }],
    evaluate: [undefined, { split: 'train', limit: 2, batchSize: 2, crops: 'one', mistakes: 1 }],
    visualize: [{ method: 'gradient', index: [0] }],
    diagnose: [{ split: 'train', limit: 4, samples: 2, mistakes: 1 }],
    drawMistakes: [{ mistakes: [], classes: ['rose'], dataset: { length: 1, batch: () => undefined } }],
    export: [project.path('none.onnx'), { format: 'onnx', data: project.path('flowers'), externalData: false }],
    trainer: [{ seed: 1 }],
  },
  optional: ['predictSamples', 'evaluate', 'diagnose', 'trainer'],
  accepts: {
    predict: { 1: 'nothing' },
    predictSamples: { 1: 'nothing' },
    evaluate: { 1: 'nothing' },
    drawMistakes: { '0.classes': 'list' },
    export: { 1: 'nothing' },
  },
})
