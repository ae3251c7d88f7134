/** A component of a picture: brightness, or one of the two differences of colours. */
export interface Component {
  readonly id: number
  /** Blocks of a unit, across and down. */
  readonly across: number
  readonly down: number
  readonly quantization: number
  /** Its tables of codes in the scan. */
  readonly first: number
  readonly others: number
}

/** A table of codes: how many there are of each length from 1 to 16 bits, and what they mean, in order. */
export interface CodeTable {
  readonly counts: Uint8Array
  readonly symbols: Uint8Array
}

/** What a JPEG's markers say, up to its only scan. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly components: readonly Component[]
  /** By number: 64 factors, in the order of the file. */
  readonly quantization: readonly (Uint16Array | undefined)[]
  /** By number: of first coefficients, and of all others. */
  readonly first: readonly (CodeTable | undefined)[]
  readonly others: readonly (CodeTable | undefined)[]
  /** Units from one restart to the next; 0 if there are none. */
  readonly restart: number
  /** Where the codes begin. */
  readonly data: number
}

/** Markers, by their second byte. */
const marker = {
  frame: 0xc0,
  extended: 0xc1,
  codes: 0xc4,
  scan: 0xda,
  quantization: 0xdb,
  restart: 0xdd,
  adobe: 0xee,
} as const

/** What tells nothing of pixels: APP0 to APP15, and a comment. */
const isRemark = (code: number): boolean => (code >= 0xe0 && code <= 0xef) || code === 0xfe

interface Draft {
  size?: { readonly width: number; readonly height: number }
  components: Omit<Component, 'first' | 'others'>[]
  quantization: (Uint16Array | undefined)[]
  first: (CodeTable | undefined)[]
  others: (CodeTable | undefined)[]
  restart: number
  isJfif: boolean
  adobe: number | undefined
}

/**
 * Reads the markers of a JPEG of one scan, of 8 bits and Huffman's codes, grey or of brightness and colours. Undefined for any other:
 * progressive, of inks, of separate scans, or with anything that is wrong or seldom.
 */
export function frameOf(bytes: Buffer): Frame | undefined {
  const draft: Draft = {
    components: [],
    quantization: [],
    first: [],
    others: [],
    restart: 0,
    isJfif: false,
    adobe: undefined,
  }
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined
    const code = bytes[at + 1] ?? 0
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    const content = bytes.subarray(at + 4, end)
    if (end > bytes.length || end < at + 4) return undefined
    if (code === marker.scan) return scanOf(content, draft, end)
    if (!isRead(code, content, draft)) return undefined
    at = end
  }
  return undefined
}

function isRead(code: number, content: Buffer, draft: Draft): boolean {
  if (code === marker.frame || code === marker.extended) return isFrameRead(content, draft)
  if (code === marker.codes) return areCodesRead(content, draft)
  if (code === marker.quantization) return isQuantizationRead(content, draft)
  if (code === marker.restart) {
    if (content.length !== 2) return false
    draft.restart = content.readUInt16BE(0)
    return true
  }
  if (!isRemark(code)) return false
  if (code === 0xe0 && content.toString('latin1', 0, 5) === 'JFIF\0') draft.isJfif = true
  if (code === marker.adobe && content.toString('latin1', 0, 5) === 'Adobe') draft.adobe = content[11]
  return true
}

function isFrameRead(content: Buffer, draft: Draft): boolean {
  const count = content[5] ?? 0
  if (draft.size !== undefined || content[0] !== 8 || content.length !== 6 + 3 * count) return false
  draft.size = { height: content.readUInt16BE(1), width: content.readUInt16BE(3) }
  draft.components = Array.from({ length: count }, (_, index) => {
    const at = 6 + 3 * index
    const factors = content[at + 1] ?? 0
    return { id: content[at] ?? 0, across: factors >> 4, down: factors & 15, quantization: content[at + 2] ?? 0 }
  })
  return draft.size.width > 0 && draft.size.height > 0
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

/** Of a scan of all components, of all coefficients. */
function scanOf(content: Buffer, draft: Draft, data: number): Frame | undefined {
  const { size, components: known, isJfif, adobe, ...tables } = draft
  const count = content[0] ?? 0
  if (size === undefined || count !== known.length || content.length !== 4 + 2 * count) return undefined
  if (content.readUIntBE(1 + 2 * count, 3) !== 0x003f00) return undefined
  if (count !== 1 && (count !== 3 || !isOfColours(known, isJfif, adobe))) return undefined
  const components = known.map((component, index): Component => {
    const chosen = content[2 + 2 * index] ?? 0
    return { ...component, first: chosen >> 4, others: chosen & 15 }
  })
  const isKnown = components.every(
    ({ id, quantization, first, others }, index) =>
      content[1 + 2 * index] === id &&
      tables.quantization[quantization] !== undefined &&
      tables.first[first] !== undefined &&
      tables.others[others] !== undefined,
  )
  return isKnown ? { ...size, ...tables, components, data } : undefined
}

/** Whether three components are brightness and colours, as libjpeg decides; where they are red, green and blue, the careful decoder knows. */
function isOfColours(components: Draft['components'], isJfif: boolean, adobe: number | undefined): boolean {
  if (isJfif) return true
  if (adobe !== undefined) return adobe === 1
  return components.every(({ id }, index) => id === index + 1)
}
