import {
  type AssembledFunction,
  add,
  and,
  type Code,
  call,
  constant,
  get,
  increase,
  isAbove,
  isBelow,
  isZero,
  load,
  loadByte,
  loadShort,
  multiply,
  or,
  repeatWhile,
  set,
  shiftLeft,
  shiftRight,
  store,
  storeShort,
  subtract,
  vectors,
  when,
} from '../vectors/assembler.js'
import { readingCodes } from './codes.js'
import { layout, meaning, plan, planBytes } from './memory.js'

const zeros = vectors.bytes(Array<number>(16).fill(0))

/** Where the functions that are called stand in the module. */
interface Places {
  readonly fill: number
  readonly transform: number
  readonly transformShort: number
}

/**
 * Decodes units, each with the blocks of the plan, and where they are seen transforms them to samples. Stops where the codes end:
 * what is left of the count is then in memory.
 */
export function units({ fill, transform, transformShort }: Places): AssembledFunction {
  const [count, planEnd, isSeen, end] = [0, 1, 2, 3]
  const [place, limit, at, table, entry, size, value, coefficient, top, quantization, broken, row] = [
    4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  ]
  const bits = 16

  const reading = readingCodes({ place, limit, bits, table, entry, size, value, row })
  const out = load(get(at), plan.out)
  const stride = load(get(at), plan.stride)
  const block: Code = [
    ...set(table, load(get(at), plan.first)),
    ...reading.next,
    ...set(row, load(get(at), plan.before)),
    ...increase(value, load(get(row))),
    ...store(get(row), get(value)),
    ...set(quantization, load(get(at), plan.quantization)),
    ...when(get(isSeen), [
      ...Array.from({ length: 8 }, (_, index) => vectors.store(constant(layout.block), zeros, 16 * index)).flat(),
      ...storeShort(constant(layout.block), multiply(get(value), loadShort(get(quantization)))),
    ]),
    ...set(table, load(get(at), plan.others)),
    ...set(coefficient, constant(0)),
    ...set(top, constant(0)),
    ...repeatWhile(
      isBelow(get(coefficient), constant(63)),
      reading.next,
      increase(coefficient, and(shiftRight(get(entry), constant(meaning.advance)), constant(127))),
      when(isBelow(get(coefficient), constant(64)), [
        ...set(top, get(coefficient)),
        ...storeShort(
          loadByte(get(coefficient), layout.zigzag),
          multiply(get(value), loadShort(add(get(quantization), shiftLeft(get(coefficient), constant(1))))),
          layout.block,
        ),
      ]),
    ),
    ...set(broken, or(get(broken), isBelow(subtract(get(coefficient), constant(64)), constant(63)))),
    ...when(
      get(isSeen),
      when(
        isZero(get(top)),
        call(fill, out, stride),
        when(isBelow(get(top), constant(10)), call(transformShort, out, stride), call(transform, out, stride)),
      ),
    ),
    ...store(get(at), add(load(get(at), plan.out), load(get(at), plan.step)), plan.out),
    ...increase(at, constant(planBytes)),
  ]

  const code: Code = [
    ...reading.begin,
    ...repeatWhile(
      and(isAbove(get(count), constant(0)), isBelow(get(place), get(end))),
      set(at, constant(layout.plan)),
      repeatWhile(isBelow(get(at), get(planEnd)), block),
      increase(count, constant(-1)),
    ),
    ...reading.end,
    ...store(constant(layout.broken), get(broken)),
    ...store(constant(layout.left), get(count)),
  ]
  return { name: 'units', parameters: 4, integers: 12, longs: 1, vectors: 0, code }
}
