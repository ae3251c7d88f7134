import {
  add,
  and,
  type Code,
  constant,
  get,
  increase,
  isAbove,
  isAtLeast,
  isZero,
  type Local,
  load,
  longs,
  repeatWhile,
  set,
  shiftLeft,
  shiftRight,
  store,
  subtract,
  vectors,
  when,
} from '../vectors/assembler.js'
import { codeTable, layout, lookupBits, meaning } from './memory.js'

/** Bits that are at hand after eight bytes were fetched, whatever the place in the first; and what one code takes at most. */
const fetchedBits = 57
const codeBits = 31

const backwards = vectors.bytes([7, 6, 5, 4, 3, 2, 1, 0, ...Array<number>(8).fill(255)])

/** What a function keeps of the codes that it reads. `bits` is of 64 bits, the next one first; the others are of 32. */
export interface CodeLocals {
  /** The place of the next bit. */
  readonly place: Local
  /** The last place up to which there are bits enough for a code. */
  readonly limit: Local
  readonly bits: Local
  readonly table: Local
  /** What the last code means, the bits of its value, and the value. */
  readonly entry: Local
  readonly size: Local
  readonly value: Local
  readonly row: Local
}

/** Pieces that read codes by the table whose address is in `table`. */
export interface CodeReading {
  readonly begin: Code
  /** Takes a code and the value that follows it. */
  readonly next: Code
  /** Takes a bit into a local. */
  readonly bit: (to: Local) => Code
  readonly end: Code
}

export function readingCodes({ place, limit, bits, table, entry, size, value, row }: CodeLocals): CodeReading {
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

  return {
    begin: [...set(place, load(constant(layout.place))), ...set(limit, constant(-1))],
    next,
    bit: (to) => [
      ...when(isAbove(get(place), get(limit)), fetch),
      ...set(to, longs.low(longs.shiftRight(get(bits), constant(63)))),
      ...set(bits, longs.shiftLeft(get(bits), constant(1))),
      ...increase(place, constant(1)),
    ],
    end: store(constant(layout.place), get(place)),
  }
}
