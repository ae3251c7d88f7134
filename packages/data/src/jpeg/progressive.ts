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
  loadSignedShort,
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
import { blockBytes, endOfBlock, layout, meaning, plan, planBytes } from './memory.js'

const isAtMost = (one: Code, other: Code): Code => isBelow(one, add(other, constant(1)))
const advance = (entry: number): Code => and(shiftRight(get(entry), constant(meaning.advance)), constant(127))

/** First coefficients of units, each with the blocks of the plan: their upper bits, or where a scan refines them the next bit. */
export function firstCoefficients(): AssembledFunction {
  const [count, planEnd, low, isRefining, end] = [0, 1, 2, 3, 4]
  const [place, limit, at, table, entry, size, value, row] = [5, 6, 7, 8, 9, 10, 11, 12]
  const reading = readingCodes({ place, limit, bits: 13, table, entry, size, value, row })
  const out = load(get(at), plan.out)
  const first: Code = [
    ...set(table, load(get(at), plan.first)),
    ...reading.next,
    ...set(row, load(get(at), plan.before)),
    ...increase(value, load(get(row))),
    ...store(get(row), get(value)),
    ...storeShort(out, shiftLeft(get(value), get(low))),
  ]
  const refined: Code = [
    ...reading.bit(value),
    ...storeShort(out, or(loadSignedShort(out), shiftLeft(get(value), get(low)))),
  ]
  const code: Code = [
    ...reading.begin,
    ...repeatWhile(
      and(isAbove(get(count), constant(0)), isBelow(get(place), get(end))),
      set(at, constant(layout.plan)),
      repeatWhile(
        isBelow(get(at), get(planEnd)),
        when(get(isRefining), refined, first),
        store(get(at), add(out, load(get(at), plan.step)), plan.out),
        increase(at, constant(planBytes)),
      ),
      increase(count, constant(-1)),
    ),
    ...reading.end,
    ...store(constant(layout.left), get(count)),
  ]
  return { name: 'firstCoefficients', parameters: 5, integers: 8, longs: 1, vectors: 0, code }
}

/** Coefficients `from` to `to` of blocks that lie one after the other: their upper bits, or the next bit of each. */
export function otherCoefficients(name: string, isRefining: boolean): AssembledFunction {
  const [count, block, table, from, to, low, end] = [0, 1, 2, 3, 4, 5, 6]
  const [place, limit, entry, size, value, row, coefficient, run, broken, zeros, at, known, more] = [
    7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
  ]
  const reading = readingCodes({ place, limit, bits: 20, table, entry, size, value, row })
  const placeOf = add(get(block), loadByte(get(coefficient), layout.zigzag))
  const isInside = isAtMost(get(coefficient), get(to))
  const isEnd = isZero(subtract(advance(entry), constant(endOfBlock)))
  /** Its bits stand for themselves: what was taken off for a sign is put back. */
  const beginRun = set(
    run,
    add(
      shiftLeft(constant(1), get(size)),
      add(
        get(value),
        and(shiftRight(get(value), constant(31)), subtract(shiftLeft(constant(1), get(size)), constant(1))),
      ),
    ),
  )

  const first: Code = when(
    isZero(get(run)),
    [
      ...set(coefficient, subtract(get(from), constant(1))),
      ...repeatWhile(
        isBelow(get(coefficient), get(to)),
        reading.next,
        increase(coefficient, advance(entry)),
        when(isInside, storeShort(placeOf, shiftLeft(get(value), get(low)))),
      ),
      // Beyond the last, but not by an end.
      ...when(
        isAbove(get(coefficient), get(to)),
        when(isEnd, [...beginRun, ...increase(run, constant(-1))], set(broken, constant(1))),
      ),
    ],
    increase(run, constant(-1)),
  )

  /** Of a coefficient that is known, one more bit. */
  const refine: Code = [
    ...reading.bit(more),
    ...when(
      and(get(more), isZero(and(get(known), shiftLeft(constant(1), get(low))))),
      storeShort(
        get(at),
        add(
          get(known),
          multiply(or(shiftRight(get(known), constant(31)), constant(1)), shiftLeft(constant(1), get(low))),
        ),
      ),
    ),
  ]
  const look: Code = [...set(at, placeOf), ...set(known, loadSignedShort(get(at)))]
  /** Refines what is known up to a zero that so many others stand before. */
  const pass: Code = repeatWhile(
    get(more),
    set(more, constant(0)),
    when(isInside, [
      ...look,
      ...when(
        get(known),
        [...refine, ...increase(coefficient, constant(1)), ...set(more, constant(1))],
        when(get(zeros), [
          ...increase(zeros, constant(-1)),
          ...increase(coefficient, constant(1)),
          ...set(more, constant(1)),
        ]),
      ),
    ]),
  )
  const refined: Code = [
    ...set(coefficient, get(from)),
    ...when(
      isZero(get(run)),
      repeatWhile(
        get(more),
        reading.next,
        set(more, constant(0)),
        when(isEnd, beginRun, [
          ...set(broken, or(get(broken), isAbove(multiply(get(value), get(value)), constant(1)))),
          ...set(broken, or(get(broken), isAbove(advance(entry), constant(16)))),
          ...set(zeros, subtract(advance(entry), constant(1))),
          ...pass,
          ...when(
            get(value),
            when(isInside, storeShort(placeOf, shiftLeft(get(value), get(low))), set(broken, constant(1))),
          ),
          ...increase(coefficient, constant(1)),
          ...set(more, isInside),
        ]),
      ),
    ),
    ...when(get(run), [
      ...when(isInside, repeatWhile(isInside, look, when(get(known), refine), increase(coefficient, constant(1)))),
      ...increase(run, constant(-1)),
    ]),
  ]
  const code: Code = [
    ...reading.begin,
    ...set(run, load(constant(layout.run))),
    ...repeatWhile(
      and(isAbove(get(count), constant(0)), isBelow(get(place), get(end))),
      isRefining ? refined : first,
      increase(block, constant(blockBytes)),
      increase(count, constant(-1)),
    ),
    ...reading.end,
    ...store(constant(layout.run), get(run)),
    ...store(constant(layout.broken), get(broken)),
    ...store(constant(layout.left), get(count)),
  ]
  return { name, parameters: 7, integers: 13, longs: 1, vectors: 0, code }
}

/** Blocks that lie one after the other to samples. The quantization is in the order of rows. */
export function finishBlocks(transform: number): AssembledFunction {
  const [count, block, quantization, out, stride] = [0, 1, 2, 3, 4]
  const code = repeatWhile(
    get(count),
    ...Array.from({ length: 8 }, (_, row) =>
      vectors.store(
        constant(layout.block),
        vectors.short.multiply(vectors.load(get(block), 16 * row), vectors.load(get(quantization), 16 * row)),
        16 * row,
      ),
    ),
    call(transform, get(out), get(stride)),
    increase(block, constant(blockBytes)),
    increase(out, constant(8)),
    increase(count, constant(-1)),
  )
  return { name: 'finishBlocks', parameters: 5, integers: 0, vectors: 0, code }
}
