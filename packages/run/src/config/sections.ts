import {
  averageOption,
  boolean,
  defineOptions,
  described,
  integer,
  invalid,
  isOptionsObject,
  matching,
  numberAbove,
  type Option,
  oneOf,
  optional,
  required,
  text,
  written,
} from '@convzoo/core/define'
import { threadCount } from '@convzoo/core/engine'
import { classWeightsOption, parameterGroupsOption, storageOption } from '@convzoo/trainer/settings'
import { imageShapeOption } from './shapes.js'

/** A number from `least` to `most`. */
const between = (least: number, most: number): Option<number, number> =>
  written(
    { type: 'number', minimum: least, maximum: most },
    required(`a number from ${least} to ${most}`, (value) =>
      typeof value === 'number' && value >= least && value <= most ? value : invalid,
    ),
  )

const plainOptions: Option<Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>> = written(
  { type: 'object' },
  matching('an object of options', (value): value is Readonly<Record<string, unknown>> => isOptionsObject(value)),
)

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text)
    return text !== ''
  } catch {
    return false
  }
}

const pattern: Option<string, string> = written(
  { type: 'string', minLength: 1 },
  matching(
    'a regular expression such as ^conv2d',
    (value): value is string => typeof value === 'string' && isPattern(value),
  ),
)

/** Means that are taken of the training images. */
export const measuredMeans = ['channel', 'image'] as const

/** What becomes of a file that cannot be read. */
const onBadImage = ['skip', 'fail'] as const

/** Which network. */
export const networkSection = defineOptions({
  id: described('name or name.tag, such as alexnet', text),
  input: described("the input instead of the network's own", optional(imageShapeOption)),
  weights: described(
    'start from the weights of this run, file (.safetensors, .pth, .pt) or package: from those that fit by name and shape',
    optional(text),
  ),
  head: described(
    'new: with weights, the layers that tell the classes apart start anew even where those would fit',
    optional(oneOf('new')),
  ),
  freeze: described('layers that are not trained: whose names match this, such as ^conv2d', optional(pattern)),
})

/** Of each class set aside to validate on. */
export const validationPartOption = optional(between(0.001, 0.9))

/** What is trained on, and how its images become inputs. */
export const dataSection = defineOptions({
  source: described('what to train on', text),
  options: described('what a set that a plugin provides takes', optional(plainOptions)),
  validationSplit: described(
    'of each class set aside to validate on (0.2 of a source without splits, none of one with a test split)',
    validationPartOption,
  ),
  overfit: described(
    'train and validate on the same so many images, without augmentation: what can learn at all gets them right (none)',
    optional(integer(1)),
  ),
  limit: described('train on the first so many images (all)', optional(integer(1))),
  testLimit: described('validate and test on the first so many images (all)', optional(integer(1))),
  shorterSide: described(
    "resize so, then cut the input out (photographs: the network's own; the papers have 256 for 227)",
    optional(integer(1)),
  ),
  augment: described(
    "none, paper, modern, or a list such as randomCrop,horizontalFlip,mixup:alpha=0.2; paper is the network's own (photographs: paper; sets in memory: none)",
    optional(text),
  ),
  mean: described(
    "channel or image: of the training images, instead of the network's or the set's own",
    optional(oneOf(...measuredMeans)),
  ),
  workers: described('threads that decode photographs (a quarter of the cores)', optional(threadCount)),
  cache: described(
    'none, memory or disk: where decoded photographs are kept for later epochs; disk also for later runs (none)',
    optional(oneOf('none', 'memory', 'disk')),
  ),
  cacheSize: described('GB that are kept at most (half of what is free)', optional(between(0.001, 1e6))),
  onBadImage: described(
    'skip or fail: what becomes of a file that cannot be read (skip)',
    optional(oneOf(...onBadImage)),
  ),
  maxBad: described('so many are skipped, one more fails (a tenth)', optional(integer(0))),
})

/** How long and in which portions. */
export const trainingSection = defineOptions({
  epochs: described('times through the data', optional(integer(1), 1)),
  batchSize: described('images a step', optional(integer(1), 32)),
  microBatchSize: described(
    'images that are gone through at a time: a step in parts takes less memory (all)',
    optional(integer(1)),
  ),
  readEvery: described(
    'steps whose losses are read together: a GPU gets the next batch while it computes; not with microBatchSize (1)',
    optional(integer(1)),
  ),
  validateEvery: described('validate after so many epochs, and after the last', optional(integer(1), 1)),
  parameterGroups: described(
    'weights that learn or decay by factors of their own, such as "bias$ learningRate=2 weightDecay=0; gamma$ weightDecay=0" (none)',
    optional(parameterGroupsOption),
  ),
  classWeights: described(
    'what images count by their classes: balanced, or numbers such as cat=2,dog=0.5 (all alike)',
    optional(classWeightsOption),
  ),
  sampling: described(
    'shuffled, or balanced: as many images of each class in an epoch',
    optional(oneOf('shuffled', 'balanced'), 'shuffled'),
  ),
  gradientNorm: described(
    'record the norm of the gradients before they are clipped (where --clip-norm clips: always)',
    optional(boolean),
  ),
  seed: described('of weights, order and dropout', optional(integer(0), 1)),
  timeLimit: described(
    'minutes after which it stops with a checkpoint, to be resumed; those of each resumption count anew (none)',
    optional(numberAbove(0)),
  ),
  average: described(
    'keeps an average of the weights, by which the run is validated and tested',
    optional(averageOption),
  ),
})

/** When checkpoints are written besides after each epoch. */
export const checkpointsSection = defineOptions({
  everySteps: described('write a checkpoint so often, not only after each epoch', optional(integer(1))),
  keep: described('so many of the newest stay, such as for seeing how filters came to be (2)', optional(integer(2), 2)),
  monitor: described(
    'the checkpoint of the best epoch by this recorded number stays beside the newest (validation.loss)',
    optional(text),
  ),
  storage: described(
    'bfloat16 or float16: weights rounded to half of the room; a run that is resumed from them ends otherwise (float32)',
    optional(storageOption, 'float32'),
  ),
  everyMinutes: described('and where the last one is so old; 0: never (10)', optional(between(0, 1e6))),
})

/** The learning rate over a run. What the schedule itself takes stands beside them. */
export const scheduleSection = defineOptions({
  warmUp: described('steps in which the rate rises before', optional(integer(0), 0)),
})

/** What it runs on. What the engine itself takes stands beside them. */
export const engineSection = defineOptions({
  device: described('auto, or one that the engine has, such as cpu or cuda; doctor lists them', optional(text, 'auto')),
})

/** Names of the settings that a resumed run may be given another value of, as paths; what is chosen by name keeps its name. */
const renewableSettings: ReadonlySet<string> = new Set([
  'data.source',
  'data.workers',
  'data.cache',
  'data.cacheSize',
  'data.onBadImage',
  'data.maxBad',
  'training.epochs',
  'training.validateEvery',
  'training.timeLimit',
  'training.microBatchSize',
  'training.readEvery',
  'training.parameterGroups',
  'training.classWeights',
  'training.gradientNorm',
])

/** Sections of which all may be given anew to a resumed run. */
const renewableSections: ReadonlySet<string> = new Set(['schedule', 'checkpoints', 'engine', 'callbacks', 'metrics'])

/** Whether a resumed run may be given another value of a setting, such as `training.epochs`. */
export function isRenewable(path: string): boolean {
  const [section = '', name = ''] = path.split('.')
  if (renewableSections.has(section) || renewableSettings.has(path)) return true
  return (section === 'optimizer' || section === 'loss') && name !== 'name'
}
