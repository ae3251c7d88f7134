import { afterAll, beforeAll } from 'vitest'
import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'
import { Project, tinyConfig } from './testing/project.js'

const project = new Project()
const folder = project.path('runs/made')
let config: entry.RunConfig = tinyConfig('')
let run: entry.Run
beforeAll(async () => {
  config = tinyConfig(await project.pictures(), { training: { epochs: 1 } })
  await entry.train(config, { folder, onWarning: () => undefined })
  run = await entry.openRun(folder, { engine: 'onnx' })
})
afterAll(async () => {
  await run.dispose()
  project[Symbol.dispose]()
})

describeOptions('@convzoo/run', {
  exports: entry,
  cases: {
    train: (unknown) => entry.train(config, { folder: project.path('runs/other'), ...unknown }),
    resume: (unknown) => entry.resume(folder, { ...unknown }),
    openRun: (unknown) => entry.openRun(folder, { ...unknown }),
    openWeights: (unknown) => entry.openWeights(folder, { ...unknown }),
    exportWeights: (unknown) =>
      entry.exportWeights('a.pth', { as: 'alexnet.torchvision', to: 'a.safetensors', ...unknown }),
    inspectData: (unknown) => entry.inspectData(project.path('flowers'), { ...unknown }),
    previewData: (unknown) => entry.previewData(project.path('flowers'), { network: 'tiny', ...unknown }),
    importWeights: (unknown) =>
      entry.importWeights('a.pth', { as: 'alexnet.torchvision', to: 'a.safetensors', ...unknown }),
    benchmark: (unknown) => entry.benchmark('tiny', { ...unknown }),
    dryRun: (unknown) => entry.dryRun(config, { ...unknown }),
    findLearningRate: (unknown) => entry.findLearningRate(config, { ...unknown }),
    listRuns: (unknown) => entry.listRuns(project.path('runs'), { ...unknown }),
    runSchema: (unknown) => entry.runSchema({ ...unknown }),
    openEngine: (unknown) => entry.openEngine({ name: 'onnx', device: 'cpu' }, { ...unknown }),
    'TrainedNetwork.predict': (unknown) => run.predict([project.path('flowers')], { ...unknown }),
    'TrainedNetwork.predictSamples': (unknown) => run.predictSamples({ ...unknown }),
    'TrainedNetwork.visualize': (unknown) => run.visualize({ method: 'filters', ...unknown }),
    'TrainedNetwork.diagnose': (unknown) => run.diagnose({ ...unknown }),
    'TrainedNetwork.evaluate': (unknown) => run.evaluate(undefined, { ...unknown }),
    'TrainedNetwork.export': (unknown) => run.export(project.path('none.onnx'), { ...unknown }),
    'TrainedNetwork.trainer': (unknown) => run.trainer({ ...unknown }),
  },
  without: {
    'takes its arguments one by one': [
      'chooseEngine',
      'readConfigFile',
      'resumeCommand',
      'repeatCommand',
      'evaluateCommand',
      'predictCommand',
      'askRun',
      'bringPlugins',
      'learningRatesPicture',
      'recipesOf',
      'withRecipe',
      'TrainedNetwork.drawMistakes',
    ],
    'takes nothing': [
      'inspectEngines',
      'inspectMachine',
      'installedChoices',
      'TrainedNetwork.dispose',
      'TrainedNetwork.readWeights',
      'Run.history',
    ],
    'is made by openRun': ['Run'],
    'it has from TrainedNetwork': [
      'Run.predict',
      'Run.predictSamples',
      'Run.evaluate',
      'Run.drawMistakes',
      'Run.visualize',
      'Run.diagnose',
      'Run.readWeights',
      'Run.export',
      'Run.trainer',
      'Run.dispose',
    ],
    'is made by openWeights': ['TrainedNetwork'],
  },
})
