import { ConvzooError } from '../errors/index.js'
import { defineOptions, floats, integer, matching, type Option, requireArguments } from '../options/index.js'
import { isNumbers } from '../recognise/index.js'
import { encipher, type Words, wordsKind } from './threefry.js'

/**
 * Random numbers without a hidden state. A number is a function of where it is used: the run's seed, the stream's name (a layer, a
 * weight, "shuffle"), the step, the sample and the element. Nothing depends on the order in which numbers are drawn or on how a
 * batch was split, so engines, workers and resumed runs agree.
 */

const scratch = new Uint32Array(2)

const anyText = matching('a text', (given): given is string => typeof given === 'string')

const wholeUpTo = (most: number): Option<number, number> =>
  matching(
    `a whole number from 0 to ${most}`,
    (given): given is number => typeof given === 'number' && Number.isInteger(given) && given >= 0 && given <= most,
  )

function encrypt(key: Words, word0: number, word1: number): Words {
  encipher(key[0], key[1], word0, word1, scratch)
  return [scratch[0] ?? 0, scratch[1] ?? 0]
}

/** A seed as the two words that graphs take as input `seed`. Seeds are whole numbers from 0 to 2^53 − 1. */
export function seedWords(seed: number): Words {
  requireArguments('seedWords', { seed: [integer(0), seed] })
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]
}

/** The key of the stream `name` under a seed. */
export function streamKey(seed: Words, name: string): Words {
  requireArguments('streamKey', { seed: [wordsKind, seed], name: [anyText, name] })
  let key = encrypt(seed, name.length, 0)
  for (let index = 0; index < name.length; index += 2) {
    key = encrypt(key, name.charCodeAt(index), index + 1 < name.length ? name.charCodeAt(index + 1) : 0)
  }
  return key
}

/** The key of a stream at one step (or epoch): steps do not overlap. */
export function stepKey(key: Words, step: number): Words {
  requireArguments('stepKey', { key: [wordsKind, key], step: [integer(0), step] })
  return encrypt(key, step >>> 0, Math.floor(step / 2 ** 32) >>> 0)
}

const toUnit = 2 ** -24

/**
 * Fills `out` from `offset` with `count` numbers uniform in [0, 1), multiples of 2⁻²⁴. Element e of sample s is word e mod 2 of
 * Threefry(key, (s, ⌊e / 2⌋)), its upper 24 bits.
 */
export function fillUniform(
  key: Words,
  sample: number,
  out: Float32Array | Float64Array,
  offset = 0,
  given?: number,
): void {
  requireArguments('fillUniform', { key: [wordsKind, key], sample: [integer(0), sample], out: [floats, out] })
  requireArguments('fillUniform', { offset: [wholeUpTo(out.length), offset] })
  const count = given === undefined ? out.length - offset : given
  requireArguments('fillUniform', { count: [wholeUpTo(out.length - offset), count] })
  const [key0, key1] = key
  const end = offset + count
  let counter = 0
  for (let index = offset; index < end; index += 2, counter++) {
    encipher(key0, key1, sample, counter, scratch)
    out[index] = ((scratch[0] ?? 0) >>> 8) * toUnit
    if (index + 1 < end) out[index + 1] = ((scratch[1] ?? 0) >>> 8) * toUnit
  }
}

/** What an engine fills the primitive `random` from. */
export interface UniformRequest {
  readonly seed: Words
  readonly stream: string
  readonly step: number
  readonly sampleIndices: ArrayLike<number>
}

const isIndex = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

const requestParts = defineOptions({
  seed: wordsKind,
  stream: anyText,
  step: integer(0),
  sampleIndices: matching(
    'a list of whole numbers of at least 0',
    (given): given is ArrayLike<number> => isNumbers(given) && Array.prototype.every.call(given, isIndex),
  ),
})

function unevenRows(length: number, samples: number): ConvzooError {
  return new ConvzooError({
    kind: 'shape',
    message: 'The argument "out" of uniformForSamples has not a row for each of sampleIndices.',
    expected: `a multiple of ${samples} elements`,
    received: String(length),
  })
}

/**
 * The value of the primitive `random`: one row of `out` for each sample. Every engine calls this, so every engine drops the same units.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if `out` has not as many rows as there are samples.
 */
export function uniformForSamples(request: UniformRequest, out: Float32Array | Float64Array): void {
  const { seed, stream, step, sampleIndices } = requestParts.parse('uniformForSamples', request)
  requireArguments('uniformForSamples', { out: [floats, out] })
  const key = stepKey(streamKey(seed, stream), step)
  const samples = sampleIndices.length
  const elements = out.length / samples
  if (samples > 0 && !Number.isInteger(elements)) throw unevenRows(out.length, samples)
  for (let row = 0; row < samples; row++) {
    fillUniform(key, sampleIndices[row] ?? 0, out, row * elements, elements)
  }
}

/** A seeded order of 0 … count − 1 (Fisher and Yates), another one for each `step`. */
export function permutation(seed: Words, stream: string, step: number, count: number): Uint32Array {
  requireArguments('permutation', {
    seed: [wordsKind, seed],
    stream: [anyText, stream],
    step: [integer(0), step],
    count: [wholeUpTo(2 ** 32 - 1), count],
  })
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  const uniform = new Float64Array(count)
  fillUniform(stepKey(streamKey(seed, stream), step), 0, uniform)
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor((uniform[last] ?? 0) * (last + 1))
    const kept = order[last] ?? 0
    order[last] = order[chosen] ?? 0
    order[chosen] = kept
  }
  return order
}
