import type { Markers, Scan } from './frame.js'
import { type Grid, type Plane, placeUnit, type SeenUnits, writePlan } from './grid.js'
import type { Kernels } from './kernels.js'
import { blockBytes, codeTable, layout } from './memory.js'
import { isTableWritten } from './scan.js'
import { eachRow } from './segments.js'

/** A progressive JPEG has about ten scans; one of thousands, each of which goes over the whole picture, is an attack. */
const mostScans = 40

/**
 * Decodes the scans of a progressive picture, each of which adds to its coefficients, and then the samples of the units that are seen.
 * False if anything is wrong, or coefficients are not known to their last bit: what is missing is guessed at otherwise.
 */
export function decodeScans(
  bytes: Buffer,
  markers: Markers,
  begin: Scan,
  grid: Grid,
  seen: SeenUnits,
  kernels: Kernels,
): boolean {
  const { memory } = kernels
  new Uint8Array(memory.buffer).fill(0, grid.coefficients, grid.end)
  /** Of each component's coefficients, the bits that are not known yet; all, where nothing was said. */
  const unknown = grid.planes.map(() => new Int8Array(64).fill(-1))
  let scan: Scan | 'end' | undefined = begin
  let last = begin
  for (let count = 0; scan !== 'end'; count++) {
    if (scan === undefined || count === mostScans || !isNext(scan, unknown)) return false
    const marker = scan.to === 0 ? decodeFirst(bytes, scan, grid, kernels) : decodeOthers(bytes, scan, grid, kernels)
    if (marker === undefined) return false
    last = scan
    scan = markers.next(marker)
  }
  if (unknown.some((bits) => bits.some((each) => each !== 0))) return false
  return grid.planes.every((plane) => isFinished(plane, last, seen, kernels))
}

/** Whether a scan says what comes after what is known; then it is noted. */
function isNext({ components, from, to, high, low }: Scan, unknown: readonly Int8Array[]): boolean {
  if (to > 63 || from > to || (from === 0 && to !== 0) || (from > 0 && components.length > 1) || low > 13) return false
  if (high !== 0 && low !== high - 1) return false
  return components.every(({ place }) => {
    const bits = unknown[place]?.subarray(from, to + 1)
    const before = high === 0 ? -1 : high
    if (bits === undefined || bits.some((each) => each !== before)) return false
    bits.fill(low)
    return true
  })
}

/** The blocks of a component that are of the picture: a scan of it alone has no others. */
const unitsOf = ({ width, height }: Plane) => ({ across: Math.ceil(width / 8), down: Math.ceil(height / 8) })

function decodeFirst(
  bytes: Buffer,
  scan: Scan,
  grid: Grid,
  { memory, firstCoefficients }: Kernels,
): number | undefined {
  const words = new Int32Array(memory.buffer)
  const planEnd = writePlan(grid, scan, words)
  if (planEnd === undefined) return undefined
  const isRefining = scan.high !== 0
  for (const { first } of scan.components) {
    if (!isRefining && !isTableWritten(scan, 'first', first, 'first', memory)) return undefined
  }
  const only = scan.components.length === 1 ? grid.planes[scan.components[0]?.place ?? 0] : undefined
  const units = only === undefined ? grid : unitsOf(only)
  return eachRow(bytes, scan.data, units, scan.restart, grid, memory, (row, column, count, end) => {
    placeUnit(grid, scan, words, row, column)
    firstCoefficients(count, planEnd, scan.low, isRefining ? 1 : 0, end)
  })
}

function decodeOthers(bytes: Buffer, scan: Scan, grid: Grid, kernels: Kernels): number | undefined {
  const { memory, otherCoefficients, otherBits } = kernels
  const [component] = scan.components
  const plane = grid.planes[component?.place ?? 0]
  if (component === undefined || plane === undefined) return undefined
  if (!isTableWritten(scan, 'others', component.others, 'progressive', memory)) return undefined
  const table = layout.codes + (4 + component.others) * codeTable.bytes
  const decode = scan.high === 0 ? otherCoefficients : otherBits
  return eachRow(bytes, scan.data, unitsOf(plane), scan.restart, grid, memory, (row, column, count, end) => {
    const block = plane.coefficients + (row * plane.blocksAcross + column) * blockBytes
    decode(count, block, table, scan.from, scan.to, scan.low, end)
  })
}

function isFinished(
  plane: Plane,
  { quantization }: Scan,
  { left, right, top, bottom }: SeenUnits,
  { memory, finishBlocks }: Kernels,
): boolean {
  const factors = quantization[plane.quantization]
  if (factors === undefined) return false
  const bytes = new Uint8Array(memory.buffer)
  const shorts = new Uint16Array(memory.buffer)
  factors.forEach((factor, place) => {
    shorts[(layout.quantization + (bytes[layout.zigzag + place] ?? 0)) / 2] = factor
  })
  const first = left * plane.across
  const count = (right - left) * plane.across
  if (count <= 0) return true
  for (let row = top * plane.down; row < bottom * plane.down; row++) {
    const block = plane.coefficients + (row * plane.blocksAcross + first) * blockBytes
    finishBlocks(count, block, layout.quantization, plane.at + row * 8 * plane.stride + first * 8, plane.stride)
  }
  return true
}
