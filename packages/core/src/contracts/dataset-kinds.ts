import { isOptionsObject, matching, type Option } from '../options/index.js'
import { isFloat32Array, isNumbers, isUint8Array } from '../recognise/index.js'
import { isShape } from '../shape.js'
import type { ImageShape } from './dataset.js'
import type { Preprocessing } from './preprocessing.js'

/** [H, W, C] of images. */
export const imageShapeKind: Option<ImageShape, ImageShape> = matching(
  '[height, width, channels], whole numbers of at least 1',
  (given): given is ImageShape => isShape(given) && given.length === 3,
)

/** Names of classes in their order. */
export const classNames: Option<readonly string[], readonly string[]> = matching(
  'names of classes, each once',
  (value): value is readonly string[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((name) => typeof name === 'string' && name.trim() !== ''),
)

/** Pixels of images. */
export const pixels: Option<Uint8Array | Float32Array, Uint8Array | Float32Array> = matching(
  'a Uint8Array with values from 0 to 255, or a Float32Array with values in [0, 1]',
  (value): value is Uint8Array | Float32Array => isUint8Array(value) || isFloat32Array(value),
  (value) => (Array.isArray(value) ? 'copy them: Float32Array.from(images.flat(3))' : undefined),
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

/** Which samples, or of which classes they are: a list of numbers, or a typed array of them. */
export const indicesKind: Option<ArrayLike<number>, ArrayLike<number>> = matching(
  'a list of whole numbers',
  (given): given is ArrayLike<number> => isNumbers(given),
  (given) => (typeof given === 'number' ? 'put it into a list: [index]' : undefined),
)
