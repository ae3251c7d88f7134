import type { Grid } from './grid.js'
import { layout } from './memory.js'

const firstRestart = 0xd0
const restarts = 8

/** Units of a scan: how many in a row, and rows. */
export interface Units {
  readonly across: number
  readonly down: number
}

/** Decodes units of a row from a column on; `end` is the first place after their codes, in bits, and one more. */
export type DecodeUnits = (row: number, column: number, count: number, end: number) => void

/**
 * Goes through a scan's units, from one restart to the next and row by row. Gives where the marker stands that ends it; undefined if
 * its codes are not those of all units, exactly.
 */
export function eachRow(
  bytes: Buffer,
  from: number,
  { across, down }: Units,
  restart: number,
  { planes }: Grid,
  memory: WebAssembly.Memory,
  decode: DecodeUnits,
): number | undefined {
  const words = new Int32Array(memory.buffer)
  const codes = Buffer.from(memory.buffer)
  const total = across * down
  const interval = restart === 0 ? total : restart
  words[layout.broken / 4] = 0
  for (let unit = 0, number = 0, at = from; ; number++) {
    const segment = copySegment(bytes, at, codes)
    if (segment === undefined) return undefined
    const stop = Math.min(unit + interval, total)
    words[layout.place / 4] = 0
    words[layout.run / 4] = 0
    words.fill(0, layout.before / 4, layout.before / 4 + planes.length)
    while (unit < stop) {
      const column = unit % across
      const count = Math.min(across - column, stop - unit)
      decode(Math.floor(unit / across), column, count, segment.bits + 1)
      if (words[layout.broken / 4] !== 0 || words[layout.left / 4] !== 0) return undefined
      unit += count
    }
    // What follows the last code fills up its byte.
    const rest = segment.bits - (words[layout.place / 4] ?? 0)
    if (rest < 0 || rest >= 8) return undefined
    if (unit === total) return segment.marker
    if (bytes[segment.marker + 1] !== firstRestart + (number % restarts)) return undefined
    at = segment.marker + 2
  }
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
