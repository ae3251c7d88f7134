import { isOptionsObject, matching } from '@convzoo/core/define'
import { readJsonFile } from '@convzoo/files'

/** Bytes: room for a dozen pictures. */
const mostBytes = 2 ** 26

/** An image that a network took for another class than its own, as `mistakes.json` of a run has it. */
export interface StoredMistake {
  /** Of the file, or of the place in its dataset. */
  readonly name: string
  /** The class it is of, and the one it was taken for. */
  readonly truth: string
  readonly predicted: string
  /** Of the class it was taken for. */
  readonly probability: number
  readonly loss: number
  /** What the network saw, as a PNG in base64. */
  readonly png: string
  /** Where it looked, where that was found out: the image, what spoke for the class it was taken for, and what for its own; a PNG in base64. */
  readonly maps?: string
}

const texts = ['name', 'truth', 'predicted', 'png'] as const satisfies readonly (keyof StoredMistake)[]
const numbers = ['probability', 'loss'] as const satisfies readonly (keyof StoredMistake)[]

function isMistake(value: unknown): value is StoredMistake {
  if (!isOptionsObject(value)) return false
  return (
    texts.every((name) => typeof Reflect.get(value, name) === 'string') &&
    numbers.every((name) => Number.isFinite(Reflect.get(value, name))) &&
    isBase64(Reflect.get(value, 'png')) &&
    (Reflect.get(value, 'maps') === undefined || isBase64(Reflect.get(value, 'maps')))
  )
}

const isBase64 = (value: unknown): boolean => typeof value === 'string' && /^[A-Za-z\d+/=]*$/.test(value)

export const mistakesKind = matching(
  'a list of mistakes: { name, truth, predicted, probability, loss, png }',
  (value): value is readonly StoredMistake[] => Array.isArray(value) && value.every(isMistake),
)

/** Those that a file holds; none where there is no file, and none of what is damaged. */
export async function readMistakes(path: string): Promise<readonly StoredMistake[]> {
  const read = await readJsonFile(path, { expected: 'the mistakes of a run', mostBytes }).catch(() => undefined)
  return Array.isArray(read?.mistakes) ? read.mistakes.filter(isMistake) : []
}
