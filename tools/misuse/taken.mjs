// What exported functions rightly take of the odd values, by why. What is not here has to be refused with an error of ours; so does what
// is exported tomorrow.

/** Says something of any value at all; what only answers whether a value is something is known by its name, `isThis`. */
const ofAnything = ['core: describeValue', 'core: meantBy', 'core: messageOf', 'files: codeOf', 'files: reasonOf']

/** Takes nothing; what it is given is not looked at. */
const ofNothing = [
  'core: createNameScope',
  'core: createRegistry',
  'core: sharedRegistry',
  'core: ConvzooError.toFields',
  'trainer: Trainer.readState',
  'trainer: Trainer.readWeights',
  'trainer: Trainer.dispose',
  'trainer: RunFolder.checkpoints',
  'trainer: RunFolder.newestWeights',
  'trainer: RunFolder.finishedScore',
  'trainer: RunFolder.lock',
  'trainer: RunFolder.readWeights',
]

/**
 * The parts that layers, losses, optimizers and engines are built of: called for every operation of every trace, in TypeScript, by whoever
 * writes a plugin, and tested with it by the suites of @convzoo/plugin-kit. They may fail as they like, as long as they do not hang.
 */
const builders = {
  core: [
    ...['GraphBuilder', 'opsFor', 'gradients', 'constrain', 'clip', 'scaleWithin', 'movedAverage', 'uniformForSamples'],
    ...['axisLength', 'axisPadding', 'borderOf', 'broadcastShapes', 'convolutionSize', 'dilatedSize', 'poolSize'],
    ...['flattenSamples', 'sameShape', 'sizeOf', 'stridesOf', 'windowCount', 'fans', 'formatShape'],
    ...['averageName', 'functionName', 'gradientName', 'slotName', 'snakeCase', 'nearestNames', 'printable'],
    ...['fillNormal', 'fillUniform', 'initialize', 'initialState', 'permutation', 'seedWords', 'stepKey', 'streamKey'],
    ...['threefry2x32', 'scalarsAt', 'valueAt', 'idsOf', 'averageDecayAt'],
    ...['ConvzooError', 'internalError', 'unusableOption', 'requireSpecification'],
    ...[
      'defineOptions',
      'functionOf',
      'integer',
      'invalid',
      'matching',
      'numberAbove',
      'numberFrom',
      'numberIn',
      'oneOf',
    ],
    ...['optional', 'pair', 'required', 'requireKnownOptions'],
  ],
  'core/interpreter': ['interpret'],
  'core/worker': ['serve', 'RemoteExecutable', 'WorkerClient'],
  // They run within vitest, which is not here; their options are tried all the same.
  'plugin-kit': ['describeArchitecture', 'describeEngine', 'describeOptimizer'],
}

const arrays = ['an array of floats', 'an array of another realm']
const objects = ['an empty object', 'an object without a prototype', 'an object with a misspelt name']

/** Values that are right for some. */
const right = {
  'core: maxNorm': ['1.5', '1e9'],
  'core: maxRms': ['1.5', '1e9'],
  'trainer: Trainer.predict': arrays,
  'trainer: Trainer.readState': ['an empty list'],
  'trainer: RunFolder.finishedScore': ['1e9'],
  'trainer: RunFolder.writeConfig': [...objects, 'an object of another realm'],
  'trainer: RunFolder.writeEnvironment': [...objects, 'an object of another realm'],
}

/** A text is a path, and what there is not can be asked for, or made. */
const ofPaths = [
  'data: cifarOf',
  'engine-tfjs/native: inspectCuda',
  'trainer: RunFolder',
  'trainer: RunFolder.create',
  'trainer: RunFolder.requireFree',
  'trainer: Trainer.saveCheckpoint',
]

/** Packages that only ours hold. */
const ownPackages = ['files']

/** Whether a function, `package: name` or `package: Class.method`, is one of those. */
export function isOfBuilders(name) {
  const [of, member] = name.split(': ')
  return ownPackages.includes(of) || (builders[of] ?? []).includes(member.split('.')[0])
}

/** Whether a function may take a value that is called so in the place of all its arguments. */
export function isTaken(name, what) {
  if (ofPaths.includes(name) && what === 'a text') return true
  if (right[name]?.includes(what)) return true
  return (
    ofAnything.includes(name) ||
    / (\w+\.)?is[A-Z]\w*$/.test(name) ||
    (ofNothing.includes(name) && ['nothing', 'undefined'].includes(what))
  )
}

/** What waits for another thread, which there is not. */
export const unanswered = ['serve', 'RemoteExecutable.start']

/** What says nothing, where every option may be left out. An object whose getters throw has no names of its own. */
export const emptyOptions = [
  'nothing',
  'undefined',
  'an empty object',
  'an object without a prototype',
  'an object whose getters throw',
]

/** Values that are right for one argument, the others being right. */
const single = {
  'trainer: Trainer.predict 1': arrays,
}

/** Whether a value is right for the argument at a place. */
export function isRightOf(name, place, what) {
  return single[`${name} ${place + 1}`]?.includes(what) === true
}
