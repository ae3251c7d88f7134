import type { Pixels } from '../augment/image.js'
import type { Part, Size } from '../augment/placement.js'

/** Whether a picture that is turned as EXIF says lies on its side in the file: rows are columns. */
const isOnItsSide = (orientation: number): boolean => orientation >= 5

/** Of a turned picture: whether its first column, or its first row, is the last one in the file. */
const startsAtRight = (orientation: number): boolean => [2, 3, 7, 8].includes(orientation)
const startsAtBottom = (orientation: number): boolean => [3, 4, 6, 7].includes(orientation)

/** The size in the file of a picture that is seen in a size. */
export const storedSize = ({ width, height }: Size, orientation: number): Size =>
  isOnItsSide(orientation) ? { width: height, height: width } : { width, height }

/** Where in the file a part lies of a picture that is seen in a size. */
export function storedPart(seen: Size, { left, top, width, height }: Part, orientation: number): Part {
  const size = storedSize(seen, orientation)
  const part = isOnItsSide(orientation)
    ? { left: top, top: left, width: height, height: width }
    : { left, top, width, height }
  return {
    ...part,
    left: startsAtRight(orientation) ? size.width - part.left - part.width : part.left,
    top: startsAtBottom(orientation) ? size.height - part.top - part.height : part.top,
  }
}

/** Taken once for all pictures: memory that is given back and taken anew costs as much as the turning. */
let room = new Uint8Array(0)

/** Turns a part of a picture as it lies in the file, as EXIF says. The rest is left as it was; all is good until the next call. */
export function turned({ data, width, height, channels }: Pixels, part: Part, orientation: number): Pixels {
  const size = storedSize({ width, height }, orientation)
  if (room.length < data.length) room = new Uint8Array(data.length)
  // From a pixel of the turned picture to the next one on the right, and to the next one below, in pixels of the file's.
  const column = startsAtRight(orientation) ? -1 : 1
  const row = startsAtBottom(orientation) ? -width : width
  const [across, down] = isOnItsSide(orientation) ? [row, column] : [column, row]
  const first = (column < 0 ? width - 1 : 0) + (row < 0 ? (height - 1) * width : 0)
  for (let y = part.top; y < part.top + part.height; y++) {
    let to = (y * size.width + part.left) * channels
    let from = (first + y * down + part.left * across) * channels
    const end = to + part.width * channels
    const step = across * channels
    if (channels === 3) {
      for (; to < end; to += 3, from += step) {
        room[to] = data[from] ?? 0
        room[to + 1] = data[from + 1] ?? 0
        room[to + 2] = data[from + 2] ?? 0
      }
    } else for (; to < end; to += channels, from += step) room[to] = data[from] ?? 0
  }
  return { data: room.subarray(0, data.length), ...size, channels }
}
