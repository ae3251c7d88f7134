import { printable } from '@convzoo/core/define'
import { isOf } from './globals.js'
import { Refused } from './refused.js'
import { type DictValue, kindOf, type TensorValue, type Value } from './values.js'

/** Under which name a training's file keeps the weights. */
const wrappers = ['state_dict', 'model_state_dict', 'model']

/** How many times what the storages hold all tensors together may be: those that share one are read each for itself. */
const mostShared = 4

/** The tensors of a state dict by name, in its order; or of one that stands beside epochs and optimizers under its usual name. */
export function tensorsIn(value: Value): ReadonlyMap<string, TensorValue> {
  if (!isOf(value, 'dict')) throw new Refused(`a pickle of ${kindOf(value)}`)
  const candidates = [value, ...wrappers.flatMap((name) => dictUnder(value, name))]
  const found = candidates.map(directTensors).find((tensors) => tensors.size > 0)
  if (found === undefined) throw new Refused('a dict without tensors, also under state_dict')
  requireOwn(found)
  return found
}

function dictUnder({ entries }: DictValue, name: string): readonly DictValue[] {
  const inner = entries.get(name)
  return inner !== undefined && isOf(inner, 'dict') ? [inner] : []
}

function directTensors({ entries }: DictValue): ReadonlyMap<string, TensorValue> {
  const tensors = new Map<string, TensorValue>()
  for (const [name, value] of entries) {
    if (!isOf(value, 'tensor')) continue
    if (typeof name !== 'string') throw new Refused(`a tensor whose name is the number ${printable(String(name))}`)
    tensors.set(name, value)
  }
  return tensors
}

function requireOwn(tensors: ReadonlyMap<string, TensorValue>): void {
  const all = [...tensors.values()]
  const asked = all.reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 0)
  const lengths = new Map(all.map(({ storage }) => [storage.key, storage.length]))
  const there = [...lengths.values()].reduce((sum, length) => sum + length, 0)
  if (asked > mostShared * there) throw new Refused(`tensors of ${asked} elements in storages of ${there}`)
}
