import { readRegularFileSync } from '@convzoo/files'

/** Where things stand in a 64-bit ELF file, in bytes. Source: System V Application Binary Interface, chapters 4 and 5. */
const header = { size: 64, programHeaders: 0x20, programHeaderSize: 0x36, programHeaderCount: 0x38 }
const programHeader = { type: 0x00, offset: 0x08, address: 0x10, fileSize: 0x20 }
const segment = { load: 1, dynamic: 2 }
const tag = { needed: 1, stringTable: 5, stringTableSize: 10 }

/** No table that is read here is larger. */
const mostBytes = 2 ** 24

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

/**
 * The libraries that a shared library of Linux names as needed, as the loader will look for them: `libcublas.so.13`. Nothing is loaded.
 *
 * @throws Error for what is no such file.
 */
export function neededLibraries(path: string): readonly string[] {
  const start = view(path, 0, header.size)
  if (start.getUint32(0) !== 0x7f454c46 || start.getUint8(4) !== 2 || start.getUint8(5) !== 1) {
    throw new Error('no 64-bit ELF file')
  }
  const segments = segmentsOf(path, start)
  const dynamic = segments.find(({ type }) => type === segment.dynamic)
  if (dynamic === undefined) return []
  const table = view(path, dynamic.offset, dynamic.size)
  const entries = Array.from({ length: Math.floor(dynamic.size / 16) }, (_, index) => ({
    tag: wide(table, index * 16),
    value: wide(table, index * 16 + 8),
  }))
  const entryOf = (wanted: number): number => entries.find((entry) => entry.tag === wanted)?.value ?? 0
  const address = entryOf(tag.stringTable)
  const loaded = segments.find(
    (each) => each.type === segment.load && address >= each.address && address < each.address + each.size,
  )
  if (loaded === undefined) return []
  const texts = bytesOf(path, loaded.offset + address - loaded.address, entryOf(tag.stringTableSize))
  return entries.filter((entry) => entry.tag === tag.needed).map(({ value }) => textAt(texts, value))
}

function segmentsOf(path: string, start: DataView): readonly Segment[] {
  const size = start.getUint16(header.programHeaderSize, true)
  const count = start.getUint16(header.programHeaderCount, true)
  const table = view(path, wide(start, header.programHeaders), size * count)
  return Array.from({ length: count }, (_, index) => ({
    type: table.getUint32(index * size + programHeader.type, true),
    offset: wide(table, index * size + programHeader.offset),
    address: wide(table, index * size + programHeader.address),
    size: wide(table, index * size + programHeader.fileSize),
  }))
}

const bytesOf = (path: string, offset: number, length: number): Buffer =>
  readRegularFileSync(path, { offset, length, mostBytes })

function view(path: string, offset: number, length: number): DataView {
  const bytes = bytesOf(path, offset, length)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const wide = (table: DataView, offset: number): number => Number(table.getBigUint64(offset, true))

function textAt(bytes: Buffer, offset: number): string {
  const end = bytes.indexOf(0, offset)
  return bytes.toString('utf8', offset, end < 0 ? bytes.length : end)
}
