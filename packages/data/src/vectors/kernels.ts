import { precision } from '../augment/whole-filter.js'
import {
  type AssembledFunction,
  add,
  assemble,
  type Code,
  constant,
  get,
  increase,
  isBelow,
  type Local,
  load,
  repeat,
  repeatWhile,
  set,
  vectors,
} from './assembler.js'

/** Weights are kept in two parts, which fit into 16 bits: the lower one has so many. */
export const lowBits = 11

/** Rows that are narrowed at once: their weights are fetched once. */
export const rowsAtOnce = 4

const zeros = vectors.bytes(Array<number>(16).fill(0))
/** One half of the last place that is kept, four times. */
const halves = vectors.bytes([...new Uint8Array(new Int32Array(4).fill(1 << (precision - 1)).buffer)])

/** The sum of what weights' upper parts make and of what the lower ones make, as a whole number. */
const rounded = (high: Local, low: Local): Code =>
  vectors.shiftRight(vectors.add(vectors.shiftLeft(get(high), lowBits), get(low)), precision)

const four = [0, 1, 2, 3] as const

/** Where a pixel's samples go of two pixels beside each other: those of one channel, two by two, as numbers of 16 bits. */
function besideEachOther(channels: number): Code {
  const none = 255
  const places = Array.from({ length: channels }, (_, channel) => [channel, none, channels + channel, none]).flat()
  return vectors.bytes([...places, ...Array<number>(16 - places.length).fill(none)])
}

/**
 * Rows of pixels, four at a time, to sums of weighted pixels. The filter has for each column the place of its first byte in a row, then
 * for each two pixels the upper parts of their weights, and the lower ones. Up to three bytes are written beyond the end of each row.
 */
function across(name: string, channels: 1 | 3): AssembledFunction {
  const [source, stride, groups, filter, columns, pairs, out, outStride] = [0, 1, 2, 3, 4, 5, 6, 7]
  const [at, column, pair] = [8, 9, 10]
  const from = [11, 12, 13, 14]
  const to = [15, 16, 17, 18]
  const high = [19, 20, 21, 22]
  const low = [23, 24, 25, 26]
  const [upper, lower, picked, samples] = [27, 28, 29, 30]
  const nextRow = (rows: readonly Local[], row: number, step: Local): Code =>
    row === 0 ? [] : set(rows[row] ?? 0, add(get(rows[row - 1] ?? 0), get(step)))
  const code = [
    ...set(samples, besideEachOther(channels)),
    ...repeat(
      groups,
      set(at, get(filter)),
      set(column, get(columns)),
      set(to[0] ?? 0, get(out)),
      ...four.map((row) => nextRow(to, row, outStride)),
      repeat(
        column,
        set(from[0] ?? 0, add(get(source), load(get(at)))),
        ...four.map((row) => nextRow(from, row, stride)),
        ...four.map((row) => [...set(high[row] ?? 0, zeros), ...set(low[row] ?? 0, halves)]),
        increase(at, constant(4)),
        set(pair, get(pairs)),
        repeat(
          pair,
          set(upper, vectors.loadRepeated(get(at), 0)),
          set(lower, vectors.loadRepeated(get(at), 4)),
          ...four.map((row) => [
            ...set(picked, vectors.pick(vectors.loadHalf(get(from[row] ?? 0)), get(samples))),
            ...set(high[row] ?? 0, vectors.add(get(high[row] ?? 0), vectors.dot(get(picked), get(upper)))),
            ...set(low[row] ?? 0, vectors.add(get(low[row] ?? 0), vectors.dot(get(picked), get(lower)))),
            ...increase(from[row] ?? 0, constant(2 * channels)),
          ]),
          increase(at, constant(8)),
        ),
        set(
          picked,
          vectors.narrowToBytes(
            vectors.narrow(rounded(high[0] ?? 0, low[0] ?? 0), rounded(high[1] ?? 0, low[1] ?? 0)),
            vectors.narrow(rounded(high[2] ?? 0, low[2] ?? 0), rounded(high[3] ?? 0, low[3] ?? 0)),
          ),
        ),
        ...four.map((row) => vectors.storeLane(get(to[row] ?? 0), get(picked), row)),
        ...four.map((row) => increase(to[row] ?? 0, constant(channels))),
      ),
      ...four.map(() => increase(source, get(stride))),
      ...four.map(() => increase(out, get(outStride))),
    ),
  ]
  return { name, parameters: 8, integers: 11, vectors: 12, code }
}

/**
 * Sums of weighted rows, sixteen bytes at a time. The filter has for each row of `out` the place of its first row's first byte, then for
 * each two rows the upper parts of their weights, and the lower ones. A row's last sixteen bytes may reach over its end.
 */
function down(): AssembledFunction {
  const [source, stride, rows, filter, pairs, out, length] = [0, 1, 2, 3, 4, 5, 6]
  const [at, column, pair, from] = [7, 8, 9, 10]
  const high = [11, 12, 13, 14]
  const low = [15, 16, 17, 18]
  const [upper, lower, one, other, picked] = [19, 20, 21, 22, 23]
  const beside = (start: number): number[] =>
    Array.from({ length: 16 }, (_, place) => start + (place >> 1) + 16 * (place & 1))
  const code = repeat(
    rows,
    set(column, constant(0)),
    repeatWhile(
      isBelow(get(column), get(length)),
      set(at, add(get(filter), constant(4))),
      set(from, add(add(get(source), load(get(filter))), get(column))),
      ...four.map((part) => [...set(high[part] ?? 0, zeros), ...set(low[part] ?? 0, halves)]),
      set(pair, get(pairs)),
      repeat(
        pair,
        set(upper, vectors.loadRepeated(get(at), 0)),
        set(lower, vectors.loadRepeated(get(at), 4)),
        set(one, vectors.load(get(from))),
        set(other, vectors.load(add(get(from), get(stride)))),
        ...four.map((part) => {
          const pairsOfBytes = vectors.shuffle(get(one), get(other), beside(part < 2 ? 0 : 8))
          const widened = part % 2 === 0 ? vectors.widenLow(pairsOfBytes) : vectors.widenHigh(pairsOfBytes)
          return [
            ...set(picked, widened),
            ...set(high[part] ?? 0, vectors.add(get(high[part] ?? 0), vectors.dot(get(picked), get(upper)))),
            ...set(low[part] ?? 0, vectors.add(get(low[part] ?? 0), vectors.dot(get(picked), get(lower)))),
          ]
        }),
        increase(from, add(get(stride), get(stride))),
        increase(at, constant(8)),
      ),
      vectors.store(
        add(get(out), get(column)),
        vectors.narrowToBytes(
          vectors.narrow(rounded(high[0] ?? 0, low[0] ?? 0), rounded(high[1] ?? 0, low[1] ?? 0)),
          vectors.narrow(rounded(high[2] ?? 0, low[2] ?? 0), rounded(high[3] ?? 0, low[3] ?? 0)),
        ),
      ),
      increase(column, constant(16)),
    ),
    increase(out, get(length)),
    set(filter, get(at)),
  )
  return { name: 'down', parameters: 7, integers: 4, vectors: 13, code }
}

export const kernels = (): Uint8Array<ArrayBuffer> =>
  assemble([across('acrossGrey', 1), across('acrossColours', 3), down()])
