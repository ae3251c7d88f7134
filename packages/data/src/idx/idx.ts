import { ConvzooError } from '@convzoo/core'
import {
  defineOptions,
  formatShape,
  integer,
  isUint8Array,
  matching,
  optional,
  requireArguments,
  text,
} from '@convzoo/core/define'

/** What an IDX file holds: an array of bytes, row-major. */
export interface IdxArray {
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/** What an IDX file is expected to hold. */
export interface IdxFormat {
  /** The number of dimensions: 1 for labels [N], 3 for images [N, H, W]. Any number of them otherwise. */
  readonly dimensions?: number | undefined
}

/** Names of what may be said of a file. */
export const formatParts = defineOptions({ dimensions: optional(integer(1)) })

const bytesKind = matching('the bytes of a file, a Uint8Array', isUint8Array)

export interface IdxHeader {
  readonly shape: readonly number[]
  /** Bytes before the first element. */
  readonly headerLength: number
  /** Bytes of the whole file, were it complete. */
  readonly fileLength: number
}

/** More than a Node.js buffer is sure to hold is refused before anything is allocated. */
export const largestFile = 2 ** 31 - 1

const unsignedByte = 0x08

const otherTypes: ReadonlyMap<number, string> = new Map([
  [0x09, 'signed bytes'],
  [0x0b, '16-bit integers'],
  [0x0c, '32-bit integers'],
  [0x0d, '32-bit floats'],
  [0x0e, '64-bit floats'],
])

/**
 * Reads the header of an IDX file from its first bytes: two zeros, the element type, the number of dimensions, and the length of
 * each dimension as a big-endian 32-bit number. `name` is what errors call the file.
 *
 * @throws ConvzooError of kind `file` if it is not the header of an IDX file of unsigned bytes with the expected dimensions.
 */
export function parseHeader(bytes: Uint8Array, name: string, { dimensions }: IdxFormat = {}): IdxHeader {
  const [zero0, zero1, type = 0, rank = 0] = bytes
  if (bytes.length < 4 || zero0 !== 0 || zero1 !== 0) {
    throw new ConvzooError({
      kind: 'file',
      message: `${name} is not an IDX file.`,
      expected: 'a file that begins with 00 00, an element type and a number of dimensions, plain or gzipped',
      received: bytes.length === 0 ? 'an empty file' : `a file that begins with ${hexadecimal(bytes.subarray(0, 4))}`,
      hint: 'give the path of an IDX file, such as train-images-idx3-ubyte',
    })
  }
  if (type !== unsignedByte) {
    throw new ConvzooError({
      kind: 'file',
      message: `${name} holds elements of a type that is not supported.`,
      expected: 'unsigned bytes (type 0x08)',
      received: `${otherTypes.get(type) ?? 'an unknown type'} (type 0x${type.toString(16).padStart(2, '0')})`,
    })
  }
  if (rank === 0 || (dimensions !== undefined && rank !== dimensions)) {
    throw new ConvzooError({
      kind: 'file',
      message: `${name} has the wrong number of dimensions.`,
      expected: String(dimensions ?? 'at least 1'),
      received: String(rank),
      hint: 'images have 3 dimensions [N, H, W] and labels have 1 [N]: check that their paths are not exchanged',
    })
  }
  const headerLength = 4 + 4 * rank
  if (bytes.length < headerLength) throw truncated(name, headerLength, bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  if (shape.includes(0)) {
    throw new ConvzooError({
      kind: 'file',
      message: `${name} holds nothing.`,
      expected: 'at least one element on every axis',
      received: `shape ${formatShape(shape)}`,
    })
  }
  return { shape, headerLength, fileLength: shape.reduce((product, length) => product * length, 1) + headerLength }
}

/**
 * An IDX file's array from the file's bytes, not gzipped. The elements are a view of `bytes`.
 *
 * @throws ConvzooError of kind `file` if the bytes are not an IDX file of unsigned bytes, or not all of one, or more than one.
 * @example
 * parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1), 'labels') // { shape: [3], data: Uint8Array [7, 2, 1] }
 */
export function parseIdx(bytes: Uint8Array, name: string, format: IdxFormat = {}): IdxArray {
  requireArguments('parseIdx', { bytes: [bytesKind, bytes], name: [text, name] })
  formatParts.parse('parseIdx', format)
  const { shape, headerLength, fileLength } = parseHeader(bytes, name, format)
  requireLength(name, fileLength, bytes.length)
  return { shape, data: bytes.subarray(headerLength) }
}

export function requireLength(name: string, expected: number, received: number): void {
  if (received < expected) throw truncated(name, expected, received)
  if (received > expected) throw trailing(name, expected, `${received} bytes`)
}

export function truncated(name: string, expected: number, received: number): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${name} ends too early.`,
    expected: `${expected} bytes, by its header`,
    received: `${received} bytes`,
    hint: 'fetch the file again: it was probably not written to its end',
  })
}

export function trailing(name: string, expected: number, received: string): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${name} goes on after its last element.`,
    expected: `${expected} bytes, by its header`,
    received,
    hint: 'fetch the file again: it is damaged, or something was appended to it',
  })
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
