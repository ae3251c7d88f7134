import type { Pixels } from '../augment/image.js'
import type { WholeFilter } from '../augment/whole-filter.js'
import { kernels, lowBits, rowsAtOnce } from './kernels.js'

const page = 2 ** 16

/** What is read or written beyond the end of rows, at most. */
const margin = 64

/** Bytes of rows that are taken over at a time: they stay in a processor's own cache. */
const band = 2 ** 18

/** WebAssembly gives no memory back: pictures that need more are made without it. */
const mostBytes = 2 ** 26

type Kernel = (...numbers: number[]) => void

interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly acrossGrey: Kernel
  readonly acrossColours: Kernel
  readonly down: Kernel
}

/** Undefined where there is no WebAssembly, or none with vectors: on old processors, and where it is switched off. */
function loadKernels(): Kernels | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(kernels()), { host: { memory } })
    const { acrossGrey, acrossColours, down } = exports
    if (acrossGrey === undefined || acrossColours === undefined || down === undefined) return undefined
    return { memory, acrossGrey, acrossColours, down }
  } catch {
    return undefined
  }
}

let loaded: { readonly kernels: Kernels | undefined } | undefined

/**
 * Rows from `top` on of a picture, summed across and then down: bytes [down, across, C], the same as by `plainLines`. They are good until
 * the next call. Undefined where there are no vectors, or the picture needs too much memory.
 */
export function vectorLines(
  { data, width, channels }: Pixels,
  top: number,
  rows: number,
  across: WholeFilter,
  down: WholeFilter,
): Uint8Array | undefined {
  loaded ??= { kernels: loadKernels() }
  const { kernels: found } = loaded
  if (found === undefined) return undefined
  const stride = width * channels
  const length = across.first.length * channels
  const height = down.first.length
  const narrowStride = aligned(length + 3)
  const acrossPairs = pairsOf(across)
  const downPairs = pairsOf(down)
  const bandRows = Math.max(Math.floor(band / stride / rowsAtOnce), 1) * rowsAtOnce
  const downAt = aligned(tableBytes(across, acrossPairs))
  const sourceAt = downAt + aligned(tableBytes(down, downPairs))
  const narrowAt = sourceAt + aligned(bandRows * stride + 2 * acrossPairs * channels + margin)
  const outAt = narrowAt + (rows + rowsAtOnce + 2 * downPairs) * narrowStride + margin
  const end = outAt + height * length + margin
  if (end > mostBytes) return undefined
  const { memory } = found
  const missing = end - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / page))
  const bytes = new Uint8Array(memory.buffer)
  const words = new Int32Array(memory.buffer)
  writeTable(across, acrossPairs, 0, channels, words, 0)
  writeTable(down, downPairs, top, narrowStride, words, downAt / 4)
  const narrow = channels === 1 ? found.acrossGrey : found.acrossColours
  for (let row = 0; row < rows; row += bandRows) {
    const count = Math.min(bandRows, rows - row)
    bytes.set(data.subarray((top + row) * stride, (top + row + count) * stride), sourceAt)
    const groups = Math.ceil(count / rowsAtOnce)
    const to = narrowAt + row * narrowStride
    narrow(sourceAt, stride, groups, 0, across.first.length, acrossPairs, to, narrowStride)
  }
  found.down(narrowAt, narrowStride, height, downAt, downPairs, outAt, length)
  return bytes.subarray(outAt, outAt + height * length)
}

const aligned = (bytes: number): number => (bytes + 15) & ~15

/** How many pairs of inputs each output is made of, at most. */
function pairsOf({ count }: WholeFilter): number {
  let most = 1
  for (const each of count) most = Math.max(most, each)
  return (most + 1) >> 1
}

const tableBytes = ({ first }: WholeFilter, pairs: number): number => 4 * first.length * (1 + 2 * pairs)

/** Writes a filter as the kernels read it: a place in bytes, then the weights of two inputs at a time, upper parts and lower ones. */
function writeTable(
  { first, count, weights, reach }: WholeFilter,
  pairs: number,
  start: number,
  step: number,
  words: Int32Array,
  from: number,
): void {
  const lowMask = 2 ** lowBits - 1
  let to = from
  for (let position = 0; position < first.length; position++) {
    words[to++] = ((first[position] ?? 0) - start) * step
    const begin = position * reach
    const end = begin + (count[position] ?? 0)
    for (let tap = begin; tap < begin + 2 * pairs; tap += 2) {
      const one = tap < end ? (weights[tap] ?? 0) : 0
      const other = tap + 1 < end ? (weights[tap + 1] ?? 0) : 0
      words[to++] = ((other >> lowBits) << 16) | (one >> lowBits)
      words[to++] = ((other & lowMask) << 16) | (one & lowMask)
    }
  }
}
