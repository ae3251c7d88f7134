import {
  type BatchPurpose,
  boolean,
  defineOptions,
  type ImageShape,
  integer,
  isNumbers,
  isOptionsObject,
  isShape,
  matching,
  type Option,
  optional,
  type Preprocessing,
  required,
} from '@convzoo/core'

/** [H, W, C] of images. */
export const imageShapeKind: Option<ImageShape, ImageShape> = matching(
  '[height, width, channels], whole numbers of at least 1',
  (given): given is ImageShape => isShape(given) && given.length === 3,
)

const isList = (given: unknown): boolean => given === undefined || isNumbers(given)

/** How images are prepared; what it says is looked at where it is applied. */
export const preprocessingKind: Option<Preprocessing, Preprocessing> = matching(
  "preprocessing, such as { resize: 'bilinear', mean: [0.5], standardDeviation: [0.5] }",
  (given): given is Preprocessing =>
    isOptionsObject(given) &&
    Reflect.get(given, 'resize') === 'bilinear' &&
    ['mean', 'standardDeviation'].every((name) => isList(Reflect.get(given, name))) &&
    (!('augmentation' in given) ||
      given.augmentation === undefined ||
      (Array.isArray(given.augmentation) && given.augmentation.every(isOptionsObject))),
)

/** What may be chosen of any dataset of images, checked. */
export const sampleParts = {
  imageShape: optional(imageShapeKind),
  preprocessing: optional(preprocessingKind),
  limit: optional(integer(1)),
} as const

/** Which samples: a list of numbers, or a typed array of them. Whether there are such samples is for the dataset to say. */
export const indicesKind: Option<ArrayLike<number>, ArrayLike<number>> = matching(
  'a list of whole numbers',
  (given): given is ArrayLike<number> => isNumbers(given),
  (given) => (typeof given === 'number' ? 'put it into a list: [index]' : undefined),
)

const purposeParts = defineOptions({
  training: boolean,
  seed: integer(0),
  epoch: integer(0),
  view: optional(
    matching('a whole number from 0 to 9', (given): given is number =>
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].some((view) => view === given),
    ),
  ),
})

/** What a batch is for. */
export const purposeKind: Option<BatchPurpose, BatchPurpose> = required(
  '{ training, seed, epoch }',
  (given, subject) => {
    purposeParts.parse(subject, given as BatchPurpose)
    return given as BatchPurpose
  },
)
