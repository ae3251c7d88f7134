import { printable, sizeOf } from '@convzoo/core/define'
import { elementTypes } from './element-types.js'
import { Refused } from './refused.js'
import { type GlobalValue, kindOf, type StorageValue, type TensorValue, type TupleValue, type Value } from './values.js'

/** All that a state dict asks for by name, besides its storages. */
const named: Readonly<Record<string, GlobalValue['name']>> = {
  'collections.OrderedDict': 'OrderedDict',
  'torch._utils._rebuild_tensor_v2': 'rebuildTensor',
  'torch._utils._rebuild_parameter': 'rebuildParameter',
}

const bare =
  'a state dict needs nothing else: where the file holds a whole module or other objects, save model.state_dict() alone'

/**
 * What a pickle asks for by name. Nothing is imported: each name stands for what this reader itself does.
 *
 * @throws Refused for every other name.
 */
export function globalOf(module: string, name: string): GlobalValue {
  const path = `${module}.${name}`
  const known = Object.hasOwn(named, path) ? named[path] : undefined
  if (known !== undefined) return { type: 'global', name: known }
  const elements = module === 'torch' && Object.hasOwn(elementTypes, name) ? elementTypes[name] : undefined
  if (elements !== undefined) return { type: 'global', name: 'storage', elements }
  const what = module === 'torch' && name.endsWith('Storage') ? 'elements of the type' : 'a pickle that asks for'
  throw new Refused(`${what} ${printable(path, 100)}`, bare)
}

/** What a call in a pickle gives. @throws Refused for what is none of the calls of a state dict. */
export function called(callee: Value, given: Value): Value {
  if (!isOf(callee, 'global')) throw new Refused(`a pickle that calls ${kindOf(callee)}`, bare)
  if (!isOf(given, 'tuple')) throw new Refused(`a pickle that calls with ${kindOf(given)}`)
  const [first] = given.items
  if (callee.name === 'OrderedDict' && given.items.length === 0) {
    return { type: 'dict', entries: new Map(), depth: 1 }
  }
  if (callee.name === 'rebuildParameter' && first !== undefined && isOf(first, 'tensor')) return first
  if (callee.name === 'rebuildTensor') return tensorOf(given)
  throw new Refused(`a pickle that calls ${callee.name} with other arguments than a state dict does`, bare)
}

/** `('storage', torch.FloatStorage, '0', 'cpu', 34848)`: type, member, device and number of elements. */
export function storageOf(id: Value): StorageValue {
  if (id !== null && typeof id === 'object' && id.type === 'tuple') {
    const [word, global, key, , length] = id.items
    const elements = global !== undefined && isOf(global, 'global') ? global.elements : undefined
    if (word === 'storage' && elements !== undefined && isKey(key) && isWhole(length)) {
      return { type: 'storage', key, elements, length }
    }
  }
  throw new Refused('a persistent id that names no storage')
}

const isKey = (value: Value | undefined): value is string => typeof value === 'string' && /^\d{1,9}$/.test(value)

const isWhole = (value: Value | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Axes of a tensor. */
const mostAxes = 32

function tensorOf({ items }: TupleValue): TensorValue {
  const [storage, offset, size, stride] = items
  if (storage === undefined || !isOf(storage, 'storage')) throw new Refused('a tensor without a storage')
  const shape = wholeNumbers(size)
  const strides = wholeNumbers(stride)
  if (shape === undefined || strides === undefined || shape.length !== strides.length || !isWhole(offset)) {
    throw new Refused('a tensor without a shape, strides or an offset')
  }
  const count = sizeOf(shape)
  const last = offset + shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), 0)
  // A tensor of more elements than there are is one repeated: small files could ask for any amount of memory.
  if (count > storage.length || (count > 0 && !(last < storage.length))) {
    throw new Refused(
      `a tensor of ${count} elements, the last at ${last}, in a storage of ${storage.length}`,
      'save model.state_dict() with torch.save; of a tensor that was expanded, save its clone()',
    )
  }
  return { type: 'tensor', storage, offset, shape, strides }
}

function wholeNumbers(value: Value | undefined): readonly number[] | undefined {
  if (value === undefined || !isOf(value, 'tuple') || value.items.length > mostAxes) return undefined
  return value.items.every(isWhole) ? (value.items as readonly number[]) : undefined
}

type TypeName = Extract<Value, { readonly type: string }>['type']

/** Whether a value is of this type. */
export const isOf = <T extends TypeName>(value: Value, type: T): value is Extract<Value, { readonly type: T }> =>
  typeof value === 'object' && value !== null && value.type === type
