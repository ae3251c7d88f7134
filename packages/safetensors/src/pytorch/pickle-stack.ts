import { isOf } from './globals.js'
import { Refused } from './refused.js'
import { type DictValue, kindOf, type ListValue, type TupleValue, type Value } from './values.js'

/** Values that wait to be put into a container: Python writes a thousand pairs at a time. */
const mostWaiting = 2 ** 16

/** Containers within each other; a state dict has three or four. */
const deepest = 64

/** Values that are kept to be used again. */
const mostKept = 2 ** 20

/** What a pickle works on: a stack with marks, and what it keeps to use again. */
export class PickleStack {
  readonly #values: Value[] = []
  readonly #marks: number[] = []
  readonly #kept = new Map<number, Value>()

  push(value: Value): void {
    if (this.#values.length >= mostWaiting) throw new Refused(`a pickle of more than ${mostWaiting} values at once`)
    this.#values.push(value)
  }

  pop(): Value {
    if (this.#values.length <= (this.#marks.at(-1) ?? 0)) throw new Refused('a pickle that takes what is not there')
    return this.#values.pop() ?? null
  }

  /** The value on top, which stays. */
  get top(): Value {
    const value = this.pop()
    this.#values.push(value)
    return value
  }

  mark(): void {
    if (this.#marks.length >= deepest) throw new Refused(`a pickle nested more than ${deepest} deep`)
    this.#marks.push(this.#values.length)
  }

  /** All values from the last mark on. */
  popToMark(): Value[] {
    const mark = this.#marks.pop()
    if (mark === undefined) throw new Refused('a pickle that ends what it never began')
    return this.#values.splice(mark)
  }

  keep(place: number, value: Value): void {
    if (this.#kept.size >= mostKept) throw new Refused(`a pickle that keeps more than ${mostKept} values`)
    this.#kept.set(place, value)
  }

  /** Keeps the value on top in the next place. */
  keepNext(): void {
    this.keep(this.#kept.size, this.top)
  }

  kept(place: number): Value {
    const value = this.#kept.get(place)
    if (value === undefined) throw new Refused('a pickle that uses what it never kept')
    return value
  }

  /** The only value that is left. */
  end(): Value {
    const [value, ...others] = this.#values
    if (value === undefined || others.length > 0 || this.#marks.length > 0) {
      throw new Refused('a pickle that ends in the middle')
    }
    return value
  }
}

export function tupleOf(items: readonly Value[]): TupleValue {
  return { type: 'tuple', items, depth: items.reduce<number>((most, item) => Math.max(most, within(item)), 1) }
}

/** Adds to the list on top. */
export function append(list: Value, items: readonly Value[]): void {
  if (!isOf(list, 'list')) throw new Refused(`a pickle that appends to ${kindOf(list)}`)
  for (const item of items) {
    grow(list, item)
    list.items.push(item)
  }
}

/** Adds names and values, which take turns, to the dict on top. */
export function setItems(dict: Value, items: readonly Value[]): void {
  if (!isOf(dict, 'dict')) throw new Refused(`a pickle that adds names to ${kindOf(dict)}`)
  if (items.length % 2 === 1) throw new Refused('a pickle with a name without a value')
  for (let at = 0; at < items.length; at += 2) {
    const name = items[at] ?? null
    const value = items[at + 1] ?? null
    if (typeof name !== 'string' && typeof name !== 'number' && typeof name !== 'bigint') {
      throw new Refused(`a pickle with ${kindOf(name)} as a name`)
    }
    if (dict.entries.has(name)) throw new Refused('a pickle with a name twice in one dict')
    grow(dict, value)
    dict.entries.set(name, value)
  }
}

function grow(container: ListValue | DictValue, value: Value): void {
  container.depth = Math.max(container.depth, within(value))
}

/** The depth of a container that holds a value. */
function within(value: Value): number {
  const depth = typeof value === 'object' && value !== null && 'depth' in value ? value.depth + 1 : 1
  if (depth > deepest) throw new Refused(`a pickle nested more than ${deepest} deep`)
  return depth
}
