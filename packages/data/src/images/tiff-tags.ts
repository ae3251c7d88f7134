/** What a TIFF says of its samples in the tags of its first image, as numbered in the specification (Adobe, TIFF 6.0). */
export interface TiffTags {
  readonly bits: number
  /** 1: none. */
  readonly compression: number
  /** 0 and 1: grey; 2: red, green and blue; 3: a palette; 5: inks; 6: luma and chroma; 8: CIE Lab. */
  readonly photometric: number
  /** 1: unsigned; 2: signed; 3: floats; 5 and 6: complex. */
  readonly sampleFormat: number
}

/** Bytes of an entry: number, type, count, value. */
const entrySize = 12

/** The tags of a TIFF that lie in the file; undefined where it is none, or one of which they cannot be read. */
export function tiffTags(bytes: Buffer): TiffTags | undefined {
  const order = bytes.toString('latin1', 0, 4)
  const isLittle = order === 'II*\0'
  if (!isLittle && order !== 'MM\0*') return undefined
  const word = (at: number): number =>
    at + 2 > bytes.length ? 0 : isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
  const long = (at: number): number =>
    at + 4 > bytes.length ? 0 : isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
  const directory = bytes.length < 8 ? 0 : long(4)
  const found = new Map<number, number>()
  const end = Math.min(word(directory) * entrySize + directory + 2, bytes.length - entrySize + 1)
  for (let at = directory + 2; at < end; at += entrySize) {
    // One or two 16-bit values are in the entry; of more, the first is where it says.
    const isListElsewhere = long(at + 4) > 2
    found.set(word(at), word(isListElsewhere ? long(at + 8) : at + 8))
  }
  return {
    bits: found.get(258) ?? 1,
    compression: found.get(259) ?? 1,
    photometric: found.get(262) ?? 1,
    sampleFormat: found.get(339) ?? 1,
  }
}
