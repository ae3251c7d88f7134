import { type CodeKind, writeCodes } from './code-table.js'
import type { Markers, Scan } from './frame.js'
import { type Grid, placeUnit, type SeenUnits, writePlan } from './grid.js'
import type { Kernels } from './kernels.js'
import { codeTable, layout } from './memory.js'
import { eachRow } from './segments.js'

/** Writes a table of codes of a scan to memory, if there is one of this number. */
export function isTableWritten(
  scan: Scan,
  group: 'first' | 'others',
  number: number,
  kind: CodeKind,
  memory: WebAssembly.Memory,
): boolean {
  const table = scan[group][number]
  if (table === undefined || number > 3) return false
  const at = layout.codes + (number + (group === 'first' ? 0 : 4)) * codeTable.bytes
  return writeCodes(table, kind, new Int32Array(memory.buffer, at, codeTable.bytes / 4))
}

/**
 * Decodes a picture's only scan to the samples of the units that are seen. All codes are read, so that what is damaged is found
 * wherever it is: false if they are not those of a whole picture, exactly.
 */
export function decodeScan(
  bytes: Buffer,
  markers: Markers,
  scan: Scan,
  grid: Grid,
  { left, right, top, bottom }: SeenUnits,
  { memory, units }: Kernels,
): boolean {
  const { components, frame, quantization, from, to, high, low } = scan
  if (components.length !== frame.components.length || from !== 0 || to !== 63 || high !== 0 || low !== 0) return false
  const words = new Int32Array(memory.buffer)
  const shorts = new Uint16Array(memory.buffer)
  const planEnd = writePlan(grid, scan, words)
  if (planEnd === undefined) return false
  for (const { quantization: number } of frame.components) {
    const factors = quantization[number]
    if (factors === undefined) return false
    shorts.set(factors, (layout.quantization + number * 128) / 2)
  }
  for (const { first, others } of components) {
    if (!isTableWritten(scan, 'first', first, 'first', memory)) return false
    if (!isTableWritten(scan, 'others', others, 'others', memory)) return false
  }
  const marker = eachRow(bytes, scan.data, grid, scan.restart, grid, memory, (row, column, count, end) => {
    const isRowSeen = row >= top && row < bottom
    const bounds = isRowSeen ? [left, right, column + count] : [column + count]
    let at = column
    bounds.forEach((bound, index) => {
      const next = Math.min(bound, column + count)
      if (next <= at) return
      const isSeen = isRowSeen && index === 1
      if (isSeen) placeUnit(grid, scan, words, row, at)
      units(next - at, planEnd, isSeen ? 1 : 0, end)
      at = next
    })
  })
  return marker !== undefined && markers.next(marker) === 'end'
}
