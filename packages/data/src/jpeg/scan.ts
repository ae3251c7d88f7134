import { writeCodes } from './code-table.js'
import type { Frame } from './frame.js'
import { type Grid, placeUnit, type SeenUnits, writePlan } from './grid.js'
import type { Kernels } from './kernels.js'
import { codeTable, layout } from './memory.js'

const endOfImage = 0xd9
const firstRestart = 0xd0

/**
 * Decodes a picture's only scan to the samples of the units that are seen. All codes are read, so that what is damaged is found
 * wherever it is: false if they are not those of a whole picture, exactly.
 */
export function decodeScan(
  bytes: Buffer,
  frame: Frame,
  grid: Grid,
  { left, right, top, bottom }: SeenUnits,
  { memory, units }: Kernels,
): boolean {
  const words = new Int32Array(memory.buffer)
  const codes = Buffer.from(memory.buffer)
  const planEnd = writePlan(grid, words)
  if (planEnd === undefined || !writeTables(frame, memory)) return false
  const total = grid.across * grid.down
  const interval = frame.restart === 0 ? total : frame.restart
  let from = frame.data
  for (let unit = 0, restarts = 0; unit < total; restarts++) {
    const segment = copySegment(bytes, from, codes)
    if (segment === undefined) return false
    const stop = Math.min(unit + interval, total)
    words[layout.place / 4] = 0
    words.fill(0, layout.before / 4, layout.before / 4 + grid.planes.length)
    while (unit < stop) {
      const row = Math.floor(unit / grid.across)
      const column = unit % grid.across
      const isRowSeen = row >= top && row < bottom
      const isSeen = isRowSeen && column >= left && column < right
      const next = isSeen ? right : isRowSeen && column < left ? left : grid.across
      const count = Math.min(next - column, stop - unit)
      if (isSeen) placeUnit(grid, words, row, column)
      units(count, planEnd, isSeen ? 1 : 0, segment.bits)
      if (words[layout.broken / 4] !== 0 || words[layout.left / 4] !== 0) return false
      unit += count
    }
    // What follows the last code fills up its byte.
    const rest = segment.bits - (words[layout.place / 4] ?? 0)
    const expected = unit < total ? firstRestart + (restarts % 8) : endOfImage
    if (rest < 0 || rest >= 8 || bytes[segment.marker + 1] !== expected) return false
    from = segment.marker + 2
  }
  return true
}

/** Copies codes up to the next marker, without the zero after each 0xff of theirs. */
function copySegment(
  bytes: Buffer,
  from: number,
  to: Buffer,
): { readonly bits: number; readonly marker: number } | undefined {
  let end: number = layout.data
  for (let at = from; ; ) {
    const found = bytes.indexOf(0xff, at)
    if (found < 0 || found + 1 >= bytes.length) return undefined
    const isCode = bytes[found + 1] === 0
    end += bytes.copy(to, end, at, isCode ? found + 1 : found)
    if (!isCode) return { bits: 8 * (end - layout.data), marker: found }
    at = found + 2
  }
}

function writeTables(frame: Frame, memory: WebAssembly.Memory): boolean {
  const shorts = new Uint16Array(memory.buffer)
  frame.quantization.forEach((factors, number) => {
    if (factors !== undefined) shorts.set(factors, layout.quantization / 2 + 64 * number)
  })
  const kinds = ['first', 'others'] as const
  return kinds.every((kind, group) =>
    frame[kind].every((table, number) => {
      const at = layout.codes + (4 * group + number) * codeTable.bytes
      const words = new Int32Array(memory.buffer, at, codeTable.bytes / 4)
      return table === undefined || writeCodes(table, kind, words)
    }),
  )
}
