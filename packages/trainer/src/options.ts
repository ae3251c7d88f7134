import type { Callback, Dataset, Engine, Loss, Model, Optimizer, WeightAverage } from '@convzoo/core'
import {
  abortSignal,
  averageOption,
  boolean,
  defineOptions,
  describeValue,
  functionOf,
  integer,
  invalid,
  isCallbackDefinition,
  isOptionsObject,
  lossOption,
  matching,
  modelOption,
  oneOf,
  optimizerOption,
  optional,
  required,
  requireSpecification,
  withMethods,
} from '@convzoo/core/define'
import { engineSpecification } from '@convzoo/core/engine'
import { pathOption } from '@convzoo/files/pure'
import { type Storage, storageOption } from '@convzoo/safetensors/blob'
import type { Settings } from './checkpoint/index.js'
import { classWeightsOption } from './class-weights.js'
import type { Evaluation } from './evaluation-result.js'
import { isMetric, type Metric, requireOwnNames } from './metrics/index.js'
import { type ParameterGroup, parameterGroupsOption } from './parameter-groups.js'
import type { Position } from './stand.js'

export interface TrainerOptions {
  readonly model: Model
  readonly engine: Engine
  /** Needed by `fit`. Without one there are no slots, and the trainer evaluates. */
  readonly optimizer?: Optimizer | undefined
  /** Categorical cross-entropy by default. */
  readonly loss?: Loss | undefined
  /** Keeps the moving average of each weight beside it, which often classifies better; `weights: 'average'` reads it. None by default. */
  readonly average?: WeightAverage | undefined
  /**
   * The most samples of which gradients are computed at once: a batch of more is gone through in parts, whose gradients are summed, so that
   * it may be larger than what memory holds. The step is that of the whole batch but for rounding; batch normalization alone sees parts. By
   * default a batch is gone through at once.
   */
  readonly microBatchSize?: number | undefined
  /**
   * How many steps are done before their losses are read: 1 by default. With more, an engine that can takes the next batch while it computes, as one of
   * engine tfjs does; weights and records are the same. Callbacks hear of so many steps at a time, when the state is that after the last of them,
   * and a dataset may not ask the trainer for anything meanwhile. Not with `microBatchSize`.
   */
  readonly readEvery?: number | undefined
  /** Weights that learn or decay by factors of their own, by patterns of their names; none by default. */
  readonly parameterGroups?: string | readonly ParameterGroup[] | undefined
  /** What samples count in what training makes smaller, by their classes; all alike by default. Losses are told as if they were. */
  readonly classWeights?: string | Readonly<Record<string, number>> | undefined
  /**
   * Whether steps and epochs record the Euclidean norm of all gradients together, before they are clipped: {@link StepRecord.gradientNorm}.
   * Where they are clipped by their global norm alone it is recorded in any case, since that needs it; elsewhere only if this is true.
   */
  readonly gradientNorm?: boolean | undefined
  /** A whole number; 1 by default. Weights, order and dropout follow from it. */
  readonly seed?: number | undefined
  /**
   * Facts that a checkpoint remembers and that must agree when it is loaded, by name: the architecture and its version, say. Seed,
   * optimizer, loss, classes, dataset and batch size are remembered anyway and may not be among them.
   */
  readonly identity?: Settings | undefined
  /**
   * Names of the model's outputs, in their order. By default those of the checkpoint that is loaded, or else of the first dataset that is
   * fitted. Datasets meet the model by these names, in whatever order they have them.
   */
  readonly classes?: readonly string[] | undefined
  /** Called one after the other, in this order; training waits for each. */
  readonly callbacks?: readonly Callback[] | undefined
  /** The folder of the run that it trains, or a function that gives it once there is one: callbacks read it, as `context.folder`. */
  readonly folder?: string | (() => string | undefined) | undefined
  /**
   * How checkpoints store weights and their averages: `float32`, the default, bit for bit, or rounded to two bytes, `bfloat16` with what the
   * optimizer keeps, or `float16`, whose values beyond ±65504 are that. Training that goes on from a rounded one says so.
   */
  readonly storage?: Storage | undefined
  /** Gets what the engine says while it prepares, and how classes and data met the model, one line at a time. */
  readonly log?: ((line: string) => void) | undefined
}

export interface FitOptions {
  /** How often to go through the data, counted from the start of the run: a trainer that stopped goes on where it stands. */
  readonly epochs: number
  readonly batchSize: number
  /**
   * In which order an epoch goes through the samples: `shuffled`, the default, or `balanced`: as many samples, but of each class as many as
   * of any other, so that some of small classes come again and some of large ones in another epoch.
   */
  readonly sampling?: Sampling | undefined
  /** Evaluated after epochs; by averages and by the weights of now where averages are kept. */
  readonly validation?: Dataset | undefined
  /** Epochs from one validation to the next, 1 by default; the last is always validated. */
  readonly validateEvery?: number | undefined
  /** Images at a time in a validation, which keeps nothing for gradients; `batchSize` by default. */
  readonly validationBatchSize?: number | undefined
  /** By which weights the training is judged, which `validation` of an epoch holds: the averages, or those of now, which is the default. */
  readonly validationWeights?: WeightsKind | undefined
  /** What is measured of a validation besides loss, top-1 and top-5, and recorded with them. */
  readonly validationMetrics?: readonly Metric[] | undefined
  /** So many mistakes of the highest losses are named in each validation; by default none are. */
  readonly validationMistakes?: number | undefined
  /** Gets each validation as a whole, before callbacks hear of its epoch; it is waited for. */
  readonly onValidation?: ((evaluation: Evaluation) => void | Promise<void>) | undefined
  /** Told after each batch of a validation how many images are done, and of how many; it waits for that. */
  readonly onValidated?: ((done: number, total: number) => void | Promise<void>) | undefined
  /**
   * Whether training may go on from a checkpoint with other images than those it was made from. `log` then says that the result is no
   * longer bit for bit that of a run that never stopped. False by default: they are refused.
   */
  readonly allowChangedData?: boolean | undefined
  /**
   * Stops training after the step that is under way, or validation after its batch: the epoch is closed by the next fit. A wait for data
   * ends at once, one for a callback soon.
   */
  readonly signal?: AbortSignal | undefined
}

export interface EvaluateOptions {
  readonly batchSize: number
  /** How many of the worst mistakes to name; by default none are. */
  readonly mistakes?: number | undefined
  /** What is measured besides loss, top-1, top-5 and the scores of each class: `[topK({ k: 3 }), calibrationError()]`. */
  readonly metrics?: readonly Metric[] | undefined
  /**
   * In how many of the dataset's views each image is seen: 1, the centre, by default; 10 for the ten crops of Krizhevsky et al. 2012,
   * §4.1. Probabilities and losses are the means over them.
   */
  readonly views?: number | undefined
  /** Which weights: the averages, or those of now, which is the default. */
  readonly weights?: WeightsKind | undefined
  /** Told after each batch how many images are done, and of how many; it waits for that. An image counts once a view. */
  readonly onEvaluated?: ((done: number, total: number) => void | Promise<void>) | undefined
  /** Stops after the batch that is under way, or while one is waited for; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Work to come, by what is done. */
export interface PrepareOptions {
  readonly train?: readonly Workload[] | undefined
  readonly evaluate?: readonly Workload[] | undefined
  readonly predict?: readonly Workload[] | undefined
}

/** What `loadCheckpoint` of a trainer found. */
export interface LoadedCheckpoint {
  readonly position: Position
  /** What may make the last bits of the result differ from those of a run that never stopped, one sentence each. */
  readonly warnings: readonly string[]
}

export interface PredictOptions {
  /** Images at a time; 100 by default. */
  readonly batchSize?: number | undefined
  /** Which weights: the averages, or those of now, which is the default. */
  readonly weights?: WeightsKind | undefined
}

export interface ReadWeightsOptions {
  /** Which weights: the averages, under the names of the weights, or those of now, which is the default. */
  readonly weights?: WeightsKind | undefined
}

export interface WriteWeightsOptions {
  /** Whether those that fit will do; false by default: all have to, and none may be missing. */
  readonly partial?: boolean | undefined
}

/** The weights of now, or their moving averages. */
export type WeightsKind = 'current' | 'average'

/** In which order an epoch of training goes through the samples. */
export type Sampling = 'shuffled' | 'balanced'

/** Samples that will be gone through in batches of a size. */
export interface Workload {
  readonly samples: number
  readonly batchSize: number
  /** By which weights they are evaluated or predicted; those of now by default. */
  readonly weights?: WeightsKind | undefined
}

const count = integer(1)
const weightsKind = optional(oneOf('current', 'average'), 'current')
const metrics = optional(
  required<readonly Metric[], readonly Metric[]>(
    'a list of metrics, such as [topK({ k: 3 }), calibrationError()]',
    (value, subject) => {
      if (!Array.isArray(value) || !value.every(isMetric)) return invalid
      requireOwnNames(subject, value)
      return value
    },
  ),
  [],
)
const listener = functionOf<(done: number, total: number) => void | Promise<void>>()

/** A dataset, by the members that a trainer cannot do without. */
export const datasetOption = withMethods<Dataset>(
  'a dataset, such as mnist(…) or arrayDataset(…) of @convzoo/data give',
  'batch',
)

const engineMethods = withMethods<Engine>("an engine, such as onnx({ device: 'cpu' })", 'compile', 'devices')

const engine = required<Engine, Engine>(
  engineMethods.expected,
  (value, subject) => {
    const given = engineMethods.parse(value, subject)
    if (given === invalid || !('specification' in given)) return invalid
    requireSpecification(`The engine ${describeValue(given.name)}`, given.specification, engineSpecification)
    return given
  },
  engineMethods.hint,
)

const heard = ['onTrainBegin', 'onStep', 'onEpoch', 'onTrainEnd'] as const satisfies readonly (keyof Callback)[]

const remembered = ['state', 'tensors', 'restore'] as const satisfies readonly (keyof Callback)[]

const callbacks = required<readonly Callback[], readonly Callback[]>(
  'a list of callbacks: objects with functions, such as { onStep: (record) => … }',
  (value) => (Array.isArray(value) && value.every(isCallback) ? value : invalid),
  (value) => {
    const definition: unknown = Array.isArray(value) ? value.find(isCallbackDefinition) : value
    return isCallbackDefinition(definition) ? `call it: callbacks: [${definition.name}({ … })]` : undefined
  },
)

function isCallback(value: unknown): value is Callback {
  if (!isOptionsObject(value)) return false
  const has = (name: keyof Callback): boolean => typeof Reflect.get(value, name) === 'function'
  return (
    heard.some(has) && [...heard, ...remembered].every((name) => has(name) || Reflect.get(value, name) === undefined)
  )
}

const folderOption = matching(
  'a path that is not empty, or a function that gives one',
  (value): value is string | (() => string | undefined) =>
    typeof value === 'function' || pathOption.parse(value, '') !== invalid,
)

export const trainerOptions = defineOptions({
  model: modelOption,
  engine,
  optimizer: optional(optimizerOption),
  loss: optional(lossOption),
  average: optional(averageOption),
  microBatchSize: optional(count),
  readEvery: optional(count, 1),
  parameterGroups: optional(parameterGroupsOption),
  classWeights: optional(classWeightsOption),
  gradientNorm: optional(boolean, false),
  seed: optional(integer(0), 1),
  identity: optional(
    matching(
      'an object of texts',
      (value): value is Settings =>
        isOptionsObject(value) && Object.values(value).every((fact) => typeof fact === 'string'),
    ),
    {},
  ),
  storage: optional(storageOption, 'float32'),
  classes: optional(matching('a list of names', (value): value is readonly string[] => Array.isArray(value))),
  callbacks: optional(callbacks, []),
  folder: optional(folderOption),
  log: optional(functionOf<(line: string) => void>()),
})

export type ParsedTrainerOptions = ReturnType<typeof trainerOptions.parse>

export const fitOptions = defineOptions({
  epochs: count,
  batchSize: count,
  sampling: optional(oneOf('shuffled', 'balanced'), 'shuffled'),
  validation: optional(datasetOption),
  validateEvery: optional(count, 1),
  validationBatchSize: optional(count),
  validationWeights: weightsKind,
  validationMetrics: metrics,
  validationMistakes: optional(count),
  onValidation: optional(functionOf<(evaluation: Evaluation) => void | Promise<void>>()),
  onValidated: optional(listener),
  allowChangedData: optional(boolean, false),
  signal: optional(abortSignal),
})

export const evaluateOptions = defineOptions({
  batchSize: count,
  mistakes: optional(count),
  metrics,
  views: optional(
    matching(
      'a whole number from 1 to 10',
      (value): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 10,
    ),
    1,
  ),
  weights: weightsKind,
  onEvaluated: optional(listener),
  signal: optional(abortSignal),
})

export const predictOptions = defineOptions({ batchSize: optional(count, 100), weights: weightsKind })

export const writeWeightsOptions = defineOptions({ partial: optional(boolean, false) })

export const readWeightsOptions = defineOptions({ weights: weightsKind })

const workload = defineOptions({ samples: integer(0), batchSize: count, weights: weightsKind })

const workloads = optional(
  required<readonly Workload[], readonly Workload[]>('a list of { samples, batchSize }', (value, subject) =>
    Array.isArray(value)
      ? value.map((each: Workload) => workload.parse(`a workload in the ${subject}`, each))
      : invalid,
  ),
  [],
)

export const prepareOptions = defineOptions({ train: workloads, evaluate: workloads, predict: workloads })

/** Where a checkpoint is written. */
export const checkpointPath = matching(
  'a path that is not empty, or a function that gives one',
  (value): value is string | ((position: Position) => string) =>
    typeof value === 'function' || pathOption.parse(value, '') !== invalid,
)
