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
  isAtLeast,
  isBelow,
  isZero,
  load,
  loadByte,
  loadShort,
  longs,
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
import { codeTable, layout, lookupBits, meaning, plan, planBytes } from './memory.js'

/** Bits that are at hand after eight bytes were fetched, whatever the place in the first; and what one code takes at most. */
const fetchedBits = 57
const codeBits = 27

const backwards = vectors.bytes([7, 6, 5, 4, 3, 2, 1, 0, ...Array<number>(8).fill(255)])
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

  const fetch: Code = [
    ...set(
      bits,
      longs.shiftLeft(
        vectors.firstLong(
          vectors.pick(vectors.loadHalf([...get(place), ...constant(3), 0x76], layout.data), backwards),
        ),
        and(get(place), constant(7)),
      ),
    ),
    ...set(limit, add(get(place), constant(fetchedBits - codeBits))),
  ]

  const longCode: Code = [
    ...set(size, longs.low(longs.shiftRight(get(bits), constant(48)))),
    ...set(row, add(get(table), constant(codeTable.bounds - codeTable.boundBytes))),
    ...repeatWhile(isAtLeast(get(size), load(get(row))), increase(row, constant(codeTable.boundBytes))),
    ...set(
      entry,
      load(add(add(get(table), load(get(row), 8)), shiftLeft(shiftRight(get(size), load(get(row), 4)), constant(2)))),
    ),
  ]

  const taken = and(get(entry), constant(31))
  const extraBits: Code = [
    ...set(
      value,
      longs.low(
        longs.shiftRight(longs.shiftLeft(get(bits), subtract(taken, get(size))), subtract(constant(64), get(size))),
      ),
    ),
    // Where the first bit is 0, it stands for a negative number.
    ...increase(
      value,
      and(
        subtract(shiftRight(get(value), subtract(get(size), constant(1))), constant(1)),
        add(shiftLeft(constant(-1), get(size)), constant(1)),
      ),
    ),
  ]

  /** Takes a code and the value that follows it. */
  const next: Code = [
    ...when(isAbove(get(place), get(limit)), fetch),
    ...set(
      entry,
      load(
        add(
          get(table),
          and(
            longs.low(longs.shiftRight(get(bits), constant(62 - lookupBits))),
            constant(((1 << lookupBits) - 1) << 2),
          ),
        ),
      ),
    ),
    ...when(isZero(get(entry)), longCode),
    ...set(value, shiftRight(get(entry), constant(meaning.value))),
    ...set(size, and(shiftRight(get(entry), constant(meaning.size)), constant(15))),
    ...when(get(size), extraBits),
    ...set(bits, longs.shiftLeft(get(bits), taken)),
    ...increase(place, taken),
  ]

  const out = load(get(at), plan.out)
  const stride = load(get(at), plan.stride)
  const block: Code = [
    ...set(table, load(get(at), plan.first)),
    ...next,
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
      next,
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
    ...set(place, load(constant(layout.place))),
    ...set(limit, constant(-1)),
    ...repeatWhile(
      and(isAbove(get(count), constant(0)), isBelow(get(place), get(end))),
      set(at, constant(layout.plan)),
      repeatWhile(isBelow(get(at), get(planEnd)), block),
      increase(count, constant(-1)),
    ),
    ...store(constant(layout.place), get(place)),
    ...store(constant(layout.broken), get(broken)),
    ...store(constant(layout.left), get(count)),
  ]
  return { name: 'units', parameters: 4, integers: 12, longs: 1, vectors: 0, code }
}
