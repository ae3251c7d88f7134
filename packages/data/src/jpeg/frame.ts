/** A component of a picture: brightness, or one of the two differences of colours. */
export interface Component {
  readonly id: number
  /** Blocks of a unit, across and down. */
  readonly across: number
  readonly down: number
  /** The number of its quantization. */
  readonly quantization: number
}

/** A table of codes: how many there are of each length from 1 to 16 bits, and what they mean, in order. */
export interface CodeTable {
  readonly counts: Uint8Array
  readonly symbols: Uint8Array
}

/** What is said of a picture before its first scan. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly isProgressive: boolean
  readonly components: readonly Component[]
}

/** What was said so far: by number, where there is one. */
interface Tables {
  /** 64 factors, in the order of the file. */
  readonly quantization: readonly (Uint16Array | undefined)[]
  /** Of first coefficients, and of all others. */
  readonly first: readonly (CodeTable | undefined)[]
  readonly others: readonly (CodeTable | undefined)[]
  /** Units from one restart to the next; 0 if there are none. */
  readonly restart: number
}

/** What a scan holds: coefficients `from` to `to` of components, but for `low` bits; the next bit of them where `high` is not 0. */
export interface Scan extends Tables {
  readonly frame: Frame
  /** Places among the frame's, and the numbers of their tables of codes. */
  readonly components: readonly { readonly place: number; readonly first: number; readonly others: number }[]
  readonly from: number
  readonly to: number
  readonly high: number
  readonly low: number
  /** Where its codes begin. */
  readonly data: number
  /** Remarks in EXIF that come before it, each a TIFF. */
  readonly exif: readonly Buffer[]
}

/** Markers, by their second byte. */
const marker = {
  frame: 0xc0,
  extended: 0xc1,
  progressive: 0xc2,
  codes: 0xc4,
  end: 0xd9,
  scan: 0xda,
  quantization: 0xdb,
  restart: 0xdd,
  exif: 0xe1,
  adobe: 0xee,
} as const

/** What tells nothing of pixels: APP0 to APP15, and a comment. */
const isRemark = (code: number): boolean => (code >= 0xe0 && code <= 0xef) || code === 0xfe

interface Draft extends Tables {
  frame: Frame | undefined
  quantization: (Uint16Array | undefined)[]
  first: (CodeTable | undefined)[]
  others: (CodeTable | undefined)[]
  restart: number
  isJfif: boolean
  adobe: number | undefined
  exif: Buffer[]
}

/** Reads the markers of a JPEG of 8 bits and Huffman's codes, grey or of brightness and colours: from scan to scan. */
export interface Markers {
  /** From a place on: the next scan, or the end. Undefined for any other file, or where anything is wrong or seldom. */
  next(at: number): Scan | 'end' | undefined
}

export function markersOf(bytes: Buffer): Markers {
  const draft: Draft = {
    frame: undefined,
    quantization: [],
    first: [],
    others: [],
    restart: 0,
    isJfif: false,
    adobe: undefined,
    exif: [],
  }
  return {
    next(from) {
      for (let at = from; at + 2 <= bytes.length; ) {
        if (bytes[at] !== 0xff) return undefined
        const code = bytes[at + 1] ?? 0
        if (code === marker.end) return 'end'
        if (at + 4 > bytes.length) return undefined
        const end = at + 2 + bytes.readUInt16BE(at + 2)
        if (end > bytes.length || end < at + 4) return undefined
        const content = bytes.subarray(at + 4, end)
        if (code === marker.scan) return scanOf(content, draft, end)
        if (!isRead(code, content, draft)) return undefined
        at = end
      }
      return undefined
    },
  }
}

function isRead(code: number, content: Buffer, draft: Draft): boolean {
  if (code === marker.frame || code === marker.extended || code === marker.progressive) {
    if (draft.frame !== undefined) return false
    draft.frame = frameOf(content, code === marker.progressive)
    return draft.frame !== undefined
  }
  if (code === marker.codes) return areCodesRead(content, draft)
  if (code === marker.quantization) return isQuantizationRead(content, draft)
  if (code === marker.restart) {
    if (content.length !== 2) return false
    draft.restart = content.readUInt16BE(0)
    return true
  }
  if (!isRemark(code)) return false
  if (code === 0xe0 && content.toString('latin1', 0, 5) === 'JFIF\0') draft.isJfif = true
  if (code === marker.exif && content.toString('latin1', 0, 6) === 'Exif\0\0') draft.exif.push(content.subarray(6))
  if (code === marker.adobe && content.toString('latin1', 0, 5) === 'Adobe') draft.adobe = content[11]
  return true
}

function frameOf(content: Buffer, isProgressive: boolean): Frame | undefined {
  const count = content[5] ?? 0
  if (content[0] !== 8 || content.length !== 6 + 3 * count) return undefined
  const height = content.readUInt16BE(1)
  const width = content.readUInt16BE(3)
  if (width === 0 || height === 0 || (count !== 1 && count !== 3)) return undefined
  const components = Array.from({ length: count }, (_, index): Component => {
    const at = 6 + 3 * index
    const factors = content[at + 1] ?? 0
    return { id: content[at] ?? 0, across: factors >> 4, down: factors & 15, quantization: content[at + 2] ?? 0 }
  })
  return { width, height, isProgressive, components }
}

function areCodesRead(content: Buffer, draft: Draft): boolean {
  for (let at = 0; at < content.length; ) {
    const kind = content[at] ?? 0
    const counts = content.subarray(at + 1, at + 17)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const end = at + 17 + total
    if (kind >> 4 > 1 || (kind & 15) > 3 || total > 256 || end > content.length) return false
    const tables = kind >> 4 === 0 ? draft.first : draft.others
    tables[kind & 15] = { counts, symbols: content.subarray(at + 17, end) }
    at = end
  }
  return true
}

function isQuantizationRead(content: Buffer, draft: Draft): boolean {
  for (let at = 0; at < content.length; ) {
    const kind = content[at] ?? 0
    const bytes = kind >> 4 === 0 ? 1 : 2
    const end = at + 1 + 64 * bytes
    if (kind >> 4 > 1 || (kind & 15) > 3 || end > content.length) return false
    const from = at + 1
    draft.quantization[kind & 15] = Uint16Array.from({ length: 64 }, (_, place) =>
      bytes === 1 ? (content[from + place] ?? 0) : content.readUInt16BE(from + 2 * place),
    )
    at = end
  }
  return true
}

function scanOf(content: Buffer, draft: Draft, data: number): Scan | undefined {
  const { frame, isJfif, adobe, exif, quantization, first, others, restart } = draft
  const count = content[0] ?? 0
  if (frame === undefined || count === 0 || content.length !== 4 + 2 * count) return undefined
  if (frame.components.length === 3 && !isOfColours(frame.components, isJfif, adobe)) return undefined
  const components = Array.from({ length: count }, (_, index) => {
    const chosen = content[2 + 2 * index] ?? 0
    const place = frame.components.findIndex(({ id }) => id === content[1 + 2 * index])
    return { place, first: chosen >> 4, others: chosen & 15 }
  })
  // In the order of the frame, each once.
  if (components.some(({ place }, index) => place <= (components[index - 1]?.place ?? -1))) return undefined
  const [from = 0, to = 0, bits = 0] = content.subarray(1 + 2 * count)
  const tables = { quantization, first, others, restart }
  return { frame, components, from, to, high: bits >> 4, low: bits & 15, data, exif, ...tables }
}

/** Whether three components are brightness and colours, as libjpeg decides; where they are red, green and blue, the careful decoder knows. */
function isOfColours(components: readonly Component[], isJfif: boolean, adobe: number | undefined): boolean {
  if (isJfif) return true
  if (adobe !== undefined) return adobe === 1
  return components.every(({ id }, index) => id === index + 1)
}
