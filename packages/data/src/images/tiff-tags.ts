/** What a TIFF says of its samples in the tags of its first image, as numbered in the specification (Adobe, TIFF 6.0). */
export interface TiffTags {
  readonly bits: number
  /** 1: none. */
  readonly compression: number
  /** 0 and 1: grey; 2: red, green and blue; 3: a palette; 5: inks; 6: luma and chroma; 8: CIE Lab. */
  readonly photometric: number
  readonly channels: number
  /** 1: unsigned; 2: signed; 3: floats; 5 and 6: complex. */
  readonly sampleFormat: number
  /** As EXIF counts, 1 to 8: 1 is as it lies. What is written instead of them is given as it is. */
  readonly orientation: number
  /** Whether all of the list of tags is there. */
  readonly isWhole: boolean
}

/** The tags of a TIFF or a BigTIFF; undefined where it is none. What cannot be read is as it is by default. */
export function tiffTags(bytes: Buffer): TiffTags | undefined {
  const isLittle = bytes.toString('latin1', 0, 2) === 'II'
  if (!isLittle && bytes.toString('latin1', 0, 2) !== 'MM') return undefined
  const word = (at: number): number =>
    at + 2 > bytes.length ? 0 : isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
  const long = (at: number): number =>
    at + 4 > bytes.length ? 0 : isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
  // Of 64 bits the lower half: a file of more than 4 GB is not read.
  const pointer = (at: number): number => (isBig ? long(isLittle ? at : at + 4) : long(at))
  const isBig = word(2) === 43
  if (!isBig && word(2) !== 42) return undefined
  const directory = pointer(isBig ? 8 : 4)
  const entries = isBig ? pointer(directory) : word(directory)
  const start = directory + (isBig ? 8 : 2)
  // An entry: number and type of 16 bits each, count, value; small lists are in the place of the value.
  const size = isBig ? 20 : 12
  const inPlace = isBig ? 4 : 2
  const found = new Map<number, number>()
  const end = Math.min(start + entries * size, bytes.length - size + 1)
  for (let at = start; at < end; at += size) {
    const value = at + (isBig ? 12 : 8)
    found.set(word(at), word(pointer(at + 4) > inPlace ? pointer(value) : value))
  }
  return {
    bits: found.get(258) ?? 1,
    compression: found.get(259) ?? 1,
    photometric: found.get(262) ?? 1,
    channels: found.get(277) ?? 1,
    sampleFormat: found.get(339) ?? 1,
    orientation: found.get(274) ?? 1,
    isWhole: start + entries * size <= bytes.length,
  }
}
