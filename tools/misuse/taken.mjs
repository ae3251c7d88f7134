// What exported functions rightly take of the odd values, by why. What is not here has to be refused with an error of ours; so does what
// is exported tomorrow.

/** Says something of any value at all; what only answers whether a value is something is known by its name, `isThis`. */
const ofAnything = [
  'core/engine: GraphBuilder.owns',
  'core/define: describeValue',
  'core/define: fieldsOf',
  'core/define: messageOf',
  'core/define: printable',
  'core/define: requireSpecification',
  'serve/http: faultOf',
]

/** Needs nothing: it has no arguments, or a value for each that is left out. */
const ofNothing = [
  'core: ConvzooError.toFields',
  'core/engine: GraphBuilder',
  'core/engine: GraphBuilder.finish',
  'core: createNameScope',
  'core: createRegistry',
  'core/define: functionOf',
  'core/define: scheduleDefinitions',
  'core: sharedRegistry',
  'core/engine: RemoteExecutable.dispose',
  'core/engine: RemoteExecutable.readState',
  'engine-onnx: telemetry',
  'onnx: passingModel',
  'run: Run.dispose',
  'run: Run.evaluate',
  'run: Run.predictSamples',
  'run: Run.trainer',
  'run: TrainedNetwork.dispose',
  'run: TrainedNetwork.evaluate',
  'run: TrainedNetwork.predictSamples',
  'run: TrainedNetwork.trainer',
  'run: inspectEngines',
  'run: inspectMachine',
  'run: installedChoices',
  'run: listRuns',
  'run: runSchema',
  'run/plugins: engineNames',
  'run/plugins: installedDefinitions',
  'trainer: RunFolder.checkpoints',
  'trainer: RunFolder.finishedScore',
  'trainer: RunFolder.lock',
  'trainer: RunFolder.newestWeights',
  'trainer: RunFolder.readConfig',
  'trainer: RunFolder.readWeights',
  'trainer: Trainer.dispose',
  'trainer: Trainer.readState',
  'trainer: Trainer.readWeights',
]

/** A text is a path, and what there is not can be asked for, or made. */
const ofPaths = [
  'data: cifarOf',
  'engine-onnx/cuda: examineCuda',
  'engine-tfjs/layers-model: writeLayersModel, argument 1',
  'engine-tfjs/native: inspectCuda',
  'run: Run.export',
  'run: TrainedNetwork.export',
  'run: repeatCommand',
  'run: resumeCommand',
  'run/config: wholeSource',
  'run/plugins: datasetDefinition',
  'trainer: RunFolder',
  'trainer: RunFolder.create',
  'trainer: RunFolder.requireFree',
  'trainer: Trainer.saveCheckpoint',
]

const arrays = ['an array of floats', 'an array of another realm']
const objects = ['an empty object', 'an object without a prototype', 'an object with a misspelt name']
const texts = ['a text', 'an empty text']
const numbers = ['0', '-1', '1.5', 'Infinity', '1e9']
const shapes = ['an empty list', 'a list of another realm']

/** Values that are right for some, in the place of all their arguments, or of one. */
const right = {
  'core/engine: GraphBuilder.finish': ['a text'],
  'core/engine: averageName': ['a text'],
  'core/define: defineOptions': objects.slice(0, 2),
  'core/engine: dilatedSize': ['1e9'],
  'core/define: formatShape': shapes,
  'core/define: formatShape, argument 1': shapes,
  'core/define: integer': numbers,
  'core/define: internalError': ['a text', 'an empty text'],
  'core/define: jsonSchemaOf': objects.slice(0, 2),
  'core: matchWeights': ['an empty list'],
  'core: maxNorm': ['1.5', '1e9'],
  'core: maxRms': ['1.5', '1e9'],
  'core/define: numberAbove': numbers,
  'core/define: numberFrom': numbers,
  'core/define: numberIn': numbers,
  'core/define: pair': numbers,
  'core/define: requireKnownOptions, argument 1': ['a text', 'an empty text'],
  'core/define: requireKnownOptions, argument 3': ['an empty list'],
  'core/define: sameShape': shapes,
  'core/engine: seedWords': ['0', '1e9'],
  'core/define: sizeOf': shapes,
  'core/engine: slotName': ['a text'],
  'core/engine: uniformForSamples, argument 2': arrays,
  'core/define: valueAt': ['0', '1.5', '1e9'],
  'core/engine: RemoteExecutable.writeState': ['an empty list', 'a map'],
  'core/engine: WorkerClient.fail': ['a text'],
  'core/define: withMethods': ['a text', 'an empty text'],
  'data: sourceOf, argument 2': ['undefined', ...objects.slice(0, 2)],
  'data: parseIdx, argument 2': ['a text'],
  'data: parseIdx, argument 3': ['a text'],
  'run/config: changedConfig': objects.slice(0, 2),
  'run/config: given': [...objects, 'an object that leads back to itself', 'an object of another realm'],
  'run/config: hyphenated': texts,
  'run/config: settingWords': texts,
  'trainer: RunFolder.finishedScore': ['0', '1e9'],
  // Records of kinds that a chart does not show are passed over.
  'visualize: curvesSvg': [
    'a list of objects',
    'an empty list',
    'a map',
    'an array of bytes',
    'an array of floats',
    'a list of another realm',
    'an array of another realm',
  ],
  'visualize: learningRatesSvg': ['an empty list', 'a list of another realm'],
  'visualize: learningRatesSvg, argument 1': ['an empty list', 'a list of another realm'],
  'trainer: RunFolder.writeConfig': [...objects, 'an object of another realm'],
  'trainer: RunFolder.writeConfusion': ['an empty list'],
  'trainer: RunFolder.writeMistakes': ['an empty list'],
  'trainer: RunFolder.writeEnvironment': [...objects, 'an object of another realm'],
  'trainer: Trainer.predict': arrays,
  'trainer: Trainer.predict, argument 1': arrays,
  'trainer: Trainer.readState': ['an empty list'],
  'trainer: prefetch': ['an empty list', 'a map'],
  'trainer: prefetch, argument 1': ['an empty list', 'a map'],
}

/** Whether a function, `package: name`, or one of its arguments, `package: name, argument 1`, may take a value that is called so. */
export function isTaken(full, what) {
  // The trainer of browsers takes what that of Node.js does.
  const name = full.replace(/^trainer\/browser: /, 'trainer: ')
  return (
    ofAnything.includes(name) ||
    / (\w+\.)?is[A-Z]\w*$/.test(name) ||
    (ofNothing.includes(name) && ['nothing', 'undefined'].includes(what)) ||
    (ofPaths.includes(name) && what === 'a text') ||
    right[name]?.includes(what) === true
  )
}

/** What says nothing, where every option may be left out. An object whose getters throw has no names of its own. */
export const emptyOptions = [
  'nothing',
  'undefined',
  'an empty object',
  'an object without a prototype',
  'an object whose getters throw',
]

/** Packages that only ours hold, and suites that run within vitest, which is not here: they may fail as they like, and may not hang. */
export const isLeftOut = (name) => /^files(\/pure)?: |^plugin-kit: describe/.test(name)

/** What waits for another thread, which there is not. */
export const unanswered = ['serve', 'RemoteExecutable.start']
