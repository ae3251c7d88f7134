import { type Callback, ConvzooError, type NamedTensor, type PlainData } from '@convzoo/core'
import { describeValue, isOptionsObject, printable, unusableOption } from '@convzoo/core/define'
import { deepestJson } from '@convzoo/files/pure'
import { isTensor, notFiniteIn } from '@convzoo/safetensors/blob'

/** What a callback remembers. */
export interface Memory {
  readonly state: PlainData | undefined
  readonly tensors: readonly NamedTensor[]
}

/** What callbacks remember, by their names. */
export type Memories = ReadonlyMap<string, Memory>

const remembers = ({ state, tensors, restore }: Callback): boolean =>
  state !== undefined || tensors !== undefined || restore !== undefined

/** @throws ConvzooError of kind `option` unless each callback that remembers something has a name, and another than the others. */
export function requireNames(callbacks: readonly Callback[]): void {
  const names: unknown[] = []
  for (const callback of callbacks.filter(remembers)) {
    const { name, restore } = callback
    const isNamed = typeof name === 'string' && /^[^/\s][^/]{0,99}$/.test(name) && !names.includes(name)
    if (isNamed && restore !== undefined) {
      names.push(name)
      continue
    }
    throw unusableOption('"callbacks" of Trainer', {
      expected: 'a function restore, and a name of its own without a slash, for each callback that keeps something',
      received: isNamed ? `${printable(name)} without restore` : `the name ${describeValue(name)}`,
      hint: 'give each of them another name, and both of state and restore',
    })
  }
}

/**
 * What callbacks have to remember at this moment.
 *
 * @throws ConvzooError of kind `option` that names a callback that gives what a checkpoint cannot hold.
 */
export function memoriesOf(callbacks: readonly Callback[]): Memories {
  return new Map(
    callbacks.filter(remembers).map((callback) => {
      const name = callback.name ?? ''
      const state = callback.state?.()
      if (state !== undefined && !isPlainData(state)) {
        throw unkeepable(name, 'null, booleans, finite numbers, texts, and lists and objects of them', state)
      }
      const tensors = callback.tensors?.() ?? []
      const names = new Set<string>()
      for (const tensor of Array.isArray(tensors) ? tensors : [tensors]) {
        if (!isTensor(tensor) || names.has(tensor.name) || notFiniteIn(tensor) !== undefined) {
          throw unkeepable(name, 'tensors { name, shape, data } of finite numbers, each of another name', tensor)
        }
        names.add(tensor.name)
      }
      return [name, { state, tensors }]
    }),
  )
}

/**
 * Gives callbacks back what they remembered.
 *
 * @returns What undoes that.
 * @throws What a callback throws; then none of them has changed.
 */
export function restoreMemories(callbacks: readonly Callback[], memories: Memories): () => void {
  const before = memoriesOf(callbacks)
  const restored: Callback[] = []
  const undo = (): void => {
    for (const callback of restored) restoreOne(callback, before)
  }
  try {
    for (const callback of callbacks.filter(remembers)) {
      restored.push(callback)
      restoreOne(callback, memories)
    }
  } catch (error) {
    undo()
    throw error
  }
  return undo
}

function restoreOne(callback: Callback, memories: Memories): void {
  const { state, tensors } = memories.get(callback.name ?? '') ?? { state: undefined, tensors: [] }
  callback.restore?.(state, tensors)
}

/** Whether JSON gives back the same. */
export function isPlainData(value: unknown, depth = 0): value is PlainData {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (depth >= deepestJson / 2) return false
  if (Array.isArray(value)) return Array.from(value).every((each) => isPlainData(each, depth + 1))
  if (!isOptionsObject(value)) return false
  return Object.values(value).every((each) => isPlainData(each, depth + 1))
}

function unkeepable(name: string, expected: string, received: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The callback ${printable(name)} keeps what a checkpoint cannot hold.`,
    expected,
    received: describeValue(received),
    hint: 'let state give plain data, and tensors the arrays of numbers',
  })
}
