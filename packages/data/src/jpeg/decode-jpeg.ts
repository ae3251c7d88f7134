import type { Pixels } from '../augment/image.js'
import type { Part, Size } from '../augment/placement.js'
import { markersOf } from './frame.js'
import { type Grid, gridOf, type Plane, seenUnits } from './grid.js'
import { jpegKernels, type Kernels } from './kernels.js'
import { decodeScans } from './progressive-scans.js'
import { decodeScan } from './scan.js'

const page = 2 ** 16

/** WebAssembly gives no memory back: pictures that need more are left to others. */
const mostBytes = 2 ** 25

/**
 * A part of an ordinary JPEG file of a size: one scan or progressive, 8 bits, grey or of colours that are stored at the full resolution, half of it
 * across, or half of it both ways. The same bytes as libjpeg makes with its accurate transform and its fancy upsampling, which are those of
 * Pillow. `data` has room for the whole picture, of which nothing but the part is written; it is good until the next picture is decoded.
 *
 * Undefined for any other file, and where anything is damaged, wherever it lies: others know what to say of it.
 */
export function decodeJpegPart(bytes: Buffer, { width, height }: Size, part: Part): Pixels | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  const markers = markersOf(bytes)
  const scan = markers.next(2)
  if (scan === undefined || scan === 'end') return undefined
  const { frame, data } = scan
  if (frame.width !== width || frame.height !== height) return undefined
  const grid = gridOf(frame, bytes.length - data)
  if (grid === undefined || grid.end > mostBytes) return undefined
  const kernels = jpegKernels()
  if (kernels === undefined) return undefined
  const { memory } = kernels
  const missing = grid.end - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / page))
  const decode = frame.isProgressive ? decodeScans : decodeScan
  if (!decode(bytes, markers, scan, grid, seenUnits(grid, part), kernels)) return undefined
  const { channels, out } = grid
  const samples = new Uint8Array(memory.buffer)
  if (channels === 1) writeGrey(grid, width, part, samples)
  else writeColours(grid, width, part, samples, kernels)
  return { data: samples.subarray(out, out + width * height * channels), width, height, channels }
}

function writeGrey({ planes: [light], out }: Grid, width: number, { top, height }: Part, samples: Uint8Array): void {
  if (light === undefined) return
  for (let row = top; row < top + height; row++) {
    const from = light.at + row * light.stride
    samples.copyWithin(out + row * width, from, from + width)
  }
}

/** Pixels that are made at once. */
const pixelsAtOnce = 16

function writeColours(grid: Grid, width: number, part: Part, samples: Uint8Array, { colours }: Kernels): void {
  const { sampling, planes, out } = grid
  const [light, blue, red] = planes
  if (light === undefined || blue === undefined || red === undefined) return
  const make = colours[sampling]
  const start = Math.floor(part.left / pixelsAtOnce) * pixelsAtOnce
  const column = sampling === 'full' ? start : start / 2
  for (let row = part.top; row < part.top + part.height; row++) {
    const near = sampling === 'halved' ? row >> 1 : row
    // Of two rows of pixels that lie in one of colours, one is closer to that above it, the other to that below.
    const beyond = row % 2 === 0 ? Math.max(near - 1, 0) : Math.min(near + 1, blue.height - 1)
    const far = sampling === 'halved' ? beyond : near
    const at = (plane: Plane, line: number): number => plane.at + line * plane.stride + column
    if (sampling !== 'full') for (const line of [near, far]) repeatEnds([blue, red], line, samples)
    const to = out + row * width * 3
    make(
      light.at + row * light.stride + start,
      at(blue, near),
      at(blue, far),
      at(red, near),
      at(red, far),
      to + start * 3,
      to + (part.left + part.width) * 3,
    )
  }
}

/** Puts beside a row what its first sample and its last are: so they are interpolated with themselves. */
function repeatEnds(planes: readonly Plane[], line: number, samples: Uint8Array): void {
  for (const { at, stride, width } of planes) {
    const start = at + line * stride
    samples[start - 1] = samples[start] ?? 0
    samples[start + width] = samples[start + width - 1] ?? 0
  }
}
