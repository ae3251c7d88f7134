import {
  type AssembledFunction,
  add,
  type Code,
  constant,
  get,
  increase,
  type Local,
  loadSignedShort,
  set,
  shiftRight,
  vectors,
} from '../vectors/assembler.js'
import { layout } from './memory.js'

/** Bits behind the point of the factors, and of what is between the two passes. */
const factorBits = 13
const betweenBits = 2

const one = 1 << factorBits

/**
 * What each pair of inputs contributes to the sums of a line: the whole numbers of libjpeg's accurate transform (jidctint.c), with its
 * steps multiplied out, since nothing is rounded between them.
 */
const factors = {
  /** Of inputs 0 and 4: their sum, and their difference. */
  sum: [one, one],
  difference: [one, -one],
  /** Of inputs 2 and 6: what is added to the former for outputs 0 and 7, and to the latter for 1 and 6. */
  outer: [10703, 4433],
  inner: [4433, -10704],
  /** Of inputs 1 and 3, and of 5 and 7: what is added for outputs 0 to 3, and taken off for 7 to 4. */
  low0: [11363, 9633],
  high0: [6437, 2260],
  low1: [9633, -2259],
  high1: [-11362, -6436],
  low2: [6437, -11362],
  high2: [2261, 9633],
  low3: [2260, -6436],
  high3: [9633, -11363],
} as const

/** One half of the last place that is kept by the first pass; and by the second, with the 128 that is added to samples. */
const firstShift = factorBits - betweenBits
const secondShift = factorBits + betweenBits + 3
const roundings = [1 << (firstShift - 1), (1 << (secondShift - 1)) + (128 << secondShift)] as const

/** What stands in memory at `layout.constants`: each number four times. */
export function transformConstants(): Int32Array {
  const pairs = Object.values(factors).map(([first, second]) => (second << 16) | (first & 0xffff))
  return Int32Array.from([...pairs, ...roundings].flatMap((each) => [each, each, each, each]))
}

const names = Object.keys(factors)
const constantAt = (place: number): Code => vectors.load(constant(layout.constants), 16 * place)
const factor = (name: keyof typeof factors): Code => constantAt(names.indexOf(name))
const rounding = (pass: 0 | 1): Code => constantAt(names.length + pass)

const eight = [0, 1, 2, 3, 4, 5, 6, 7] as const
const localsFrom = (first: Local): readonly Local[] => eight.map((each) => first + each)

/** Two vectors by turns, in pieces of so many bytes: their first halves, or their last. */
function byTurns(bytes: number, half: 0 | 1, first: Code, second: Code): Code {
  const places = Array.from({ length: 16 }, (_, place) => {
    const piece = Math.floor(place / bytes)
    return 8 * half + (piece >> 1) * bytes + (piece & 1) * 16 + (place % bytes)
  })
  return vectors.shuffle(first, second, places)
}

/** Eight rows of eight numbers of 16 bits to columns, by way of other locals. */
function transposed(rows: readonly Local[], others: readonly Local[]): Code {
  const at = (locals: readonly Local[], place: number): Code => get(locals[place] ?? 0)
  const put = (locals: readonly Local[], place: number, value: Code): Code => set(locals[place] ?? 0, value)
  return [
    // By twos: of rows 2i and 2i + 1, the first and the last four columns.
    ...eight.flatMap((each) => {
      const row = each & ~1
      const half = (each & 1) === 0 ? 0 : 1
      return put(others, each, byTurns(2, half, at(rows, row), at(rows, row + 1)))
    }),
    // By fours: others 0 and 2 hold rows 0 to 3 of columns 0 to 3, 1 and 3 of columns 4 to 7; 4 to 7 the same of rows 4 to 7.
    ...eight.flatMap((each) => {
      const base = (each & 4) + ((each & 2) >> 1)
      const half = (each & 1) === 0 ? 0 : 1
      return put(rows, each, byTurns(4, half, at(others, base), at(others, base + 2)))
    }),
    ...eight.flatMap((each) => {
      const half = (each & 1) === 0 ? 0 : 1
      return put(others, each, byTurns(8, half, at(rows, each >> 1), at(rows, (each >> 1) + 4)))
    }),
  ]
}

/**
 * Transforms the block of coefficients, down and then across, and writes its samples, 8 × 8 bytes. The short form is for blocks
 * of which the first four rows and columns alone are not 0.
 */
export function transform(name: string, isShort: boolean): AssembledFunction {
  const [out, stride] = [0, 1]
  const line = localsFrom(2)
  const spare = localsFrom(10)
  const sums = localsFrom(18)
  const pair04 = 26
  const pair26 = 27
  const pair13 = 28
  const pair57 = 29
  const evens = [30, 31, 32, 33] as const
  const odd = 34
  const at = (place: number): Code => get(line[place] ?? 0)

  /** The sums of four of a line's eight numbers a vector: `use` takes each output's. */
  const half = (part: 0 | 1, pass: 0 | 1, use: (place: number, value: Code) => Code): Code => {
    const paired = (first: number, second: number): Code => byTurns(2, part, at(first), at(second))
    const product = (pair: Local, name: keyof typeof factors): Code => vectors.dot(get(pair), factor(name))
    const [outerSum, outerDifference, innerSum, innerDifference] = evens
    const shift = pass === 0 ? firstShift : secondShift
    const oddParts = [0, 1, 2, 3] as const
    const evenOf = [outerSum, innerSum, innerDifference, outerDifference] as const
    return [
      ...set(pair04, paired(0, 4)),
      ...set(pair26, paired(2, 6)),
      ...set(pair13, paired(1, 3)),
      ...(isShort ? [] : set(pair57, paired(5, 7))),
      ...set(outerSum, vectors.add(product(pair04, 'sum'), rounding(pass))),
      ...set(innerSum, vectors.add(product(pair04, 'difference'), rounding(pass))),
      ...set(odd, product(pair26, 'outer')),
      ...set(outerDifference, vectors.subtract(get(outerSum), get(odd))),
      ...set(outerSum, vectors.add(get(outerSum), get(odd))),
      ...set(odd, product(pair26, 'inner')),
      ...set(innerDifference, vectors.subtract(get(innerSum), get(odd))),
      ...set(innerSum, vectors.add(get(innerSum), get(odd))),
      ...oddParts.flatMap((each) => {
        const lowProduct = product(pair13, `low${each}`)
        const whole = isShort ? lowProduct : vectors.add(lowProduct, product(pair57, `high${each}`))
        return [
          ...set(odd, whole),
          ...use(each, vectors.shiftRight(vectors.add(get(evenOf[each]), get(odd)), shift)),
          ...use(7 - each, vectors.shiftRight(vectors.subtract(get(evenOf[each]), get(odd)), shift)),
        ]
      }),
    ]
  }
  const pass = (number: 0 | 1): Code => [
    ...half(0, number, (place, value) => set(sums[place] ?? 0, value)),
    ...half(1, number, (place, value) => set(spare[place] ?? 0, vectors.narrow(get(sums[place] ?? 0), value))),
  ]
  const code: Code = [
    ...eight.flatMap((each) => set(line[each] ?? 0, vectors.load(constant(layout.block), 16 * each))),
    ...pass(0),
    ...transposed(spare, line),
    ...pass(1),
    ...samples(spare, sums, out, stride),
  ]
  return { name, parameters: 2, integers: 0, vectors: 33, code }
}

/** Columns of eight numbers of 16 bits, written as rows of bytes, held in 0 … 255. */
function samples(columns: readonly Local[], others: readonly Local[], out: Local, stride: Local): Code {
  const at = (locals: readonly Local[], place: number): Code => get(locals[place] ?? 0)
  const put = (place: number, value: Code): Code => set(others[place] ?? 0, value)
  const four = [0, 1, 2, 3] as const
  /** Of four columns, of which each vector holds two: four rows. */
  const rows = (first: number): readonly number[] =>
    four.flatMap((row) => [first + row, first + 8 + row, first + 16 + row, first + 24 + row])
  return [
    ...four.flatMap((each) => put(each, vectors.narrowToBytes(at(columns, 2 * each), at(columns, 2 * each + 1)))),
    ...four.flatMap((each) =>
      put(4 + each, vectors.shuffle(at(others, each & ~1), at(others, (each & ~1) + 1), rows(4 * (each & 1)))),
    ),
    // Others 4 and 5 hold columns 0 to 3 of rows 0 to 3 and 4 to 7, 6 and 7 columns 4 to 7.
    ...four.flatMap((each) =>
      put(each, byTurns(4, (each & 1) === 0 ? 0 : 1, at(others, 4 + (each >> 1)), at(others, 6 + (each >> 1)))),
    ),
    ...eight.flatMap((row) => [
      ...vectors.storeHalf(get(out), at(others, row >> 1), row % 2 === 0 ? 0 : 1),
      ...(row === 7 ? [] : increase(out, get(stride))),
    ]),
  ]
}

/** Writes a block of which the first coefficient alone is not 0: all samples are the same. */
export function fill(name: string): AssembledFunction {
  const [out, stride, value] = [0, 1, 2]
  const rounded = shiftRight(add(loadSignedShort(constant(layout.block)), constant(4)), constant(3))
  const repeated = vectors.short.repeat(add(rounded, constant(128)))
  const bytes = vectors.narrowToBytes(repeated, repeated)
  return {
    name,
    parameters: 2,
    integers: 0,
    vectors: 1,
    code: [
      ...set(value, bytes),
      ...eight.flatMap((row) => [
        ...vectors.storeHalf(get(out), get(value), 0),
        ...(row === 7 ? [] : increase(out, get(stride))),
      ]),
    ],
  }
}
