import type { ElementType } from './element-types.js'

/** What the pickle of a state dict is made of. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | ListValue
  | TupleValue
  | DictValue
  | GlobalValue
  | StorageValue
  | TensorValue

interface Nested {
  /** How deep the containers within each other go, this one included. */
  depth: number
}

export interface ListValue extends Nested {
  readonly type: 'list'
  readonly items: Value[]
}

export interface TupleValue extends Nested {
  readonly type: 'tuple'
  readonly items: readonly Value[]
}

export interface DictValue extends Nested {
  readonly type: 'dict'
  readonly entries: Map<string | number | bigint, Value>
}

/** A name that the pickle may ask for: two functions, a class, and the storages. */
export interface GlobalValue {
  readonly type: 'global'
  readonly name: 'OrderedDict' | 'rebuildTensor' | 'rebuildParameter' | 'storage'
  /** Of a storage. */
  readonly elements?: ElementType
}

/** Elements in a member of the archive. */
export interface StorageValue {
  readonly type: 'storage'
  /** Names the member: `data/<key>`. */
  readonly key: string
  readonly elements: ElementType
  /** How many elements. */
  readonly length: number
}

export interface TensorValue {
  readonly type: 'tensor'
  readonly storage: StorageValue
  /** Elements of the storage before the first one. */
  readonly offset: number
  readonly shape: readonly number[]
  /** Elements from one to the next along each axis. */
  readonly strides: readonly number[]
}

/** A value's kind in a few words, its parts left out. */
export function kindOf(value: Value): string {
  if (value === null) return 'None'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'boolean') return 'a truth value'
  return typeof value === 'object' ? `a ${value.type}` : 'a number'
}
