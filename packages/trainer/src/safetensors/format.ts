import { ConvzooError, formatShape, type Shape, sizeOf } from '@convzoo/core'

/** Where a tensor's bytes lie, counted from the end of the header. */
interface TensorEntry {
  readonly name: string
  readonly shape: Shape
  readonly start: number
  readonly end: number
}

export interface SafetensorsHeader {
  readonly tensors: readonly TensorEntry[]
  readonly metadata: Readonly<Record<string, string>>
}

/** A header longer than this is not one: the format's own limit. */
export const largestHeader = 100_000_000

const bytesPerElement = Float32Array.BYTES_PER_ELEMENT

/**
 * The beginning of a safetensors file of float32 tensors: eight bytes of length (little endian), then JSON, filled up with spaces to a
 * multiple of eight. Names are sorted, so that equal tensors make equal bytes.
 *
 * Source: https://github.com/huggingface/safetensors, "Format".
 */
export function encodeHeader(
  specs: readonly { readonly name: string; readonly shape: Shape }[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0
  const entries = sortedByName(specs).map(({ name, shape }) => {
    const start = offset
    offset += sizeOf(shape) * bytesPerElement
    return [name, { dtype: 'F32', shape, data_offsets: [start, offset] }] as const
  })
  const head = Object.keys(metadata).length === 0 ? [] : [['__metadata__', metadata] as const]
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...head, ...entries])))
  const padded = Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(8 + padded).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true)
  bytes.set(json, 8)
  return bytes
}

/** By code unit, as no locale can change it. */
export function sortedByName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

export function damaged(
  path: string,
  received: string,
  expected = 'a safetensors file of float32 tensors',
): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} cannot be read.`,
    expected,
    received,
    mend: 'use a file that convzoo wrote, or write it again: it may be cut off or of another format',
  })
}

/** Reads the JSON of a header, and checks that its tensors lie one after another and fill the file. */
export function decodeHeader(path: string, json: string, dataBytes: number): SafetensorsHeader {
  const header = parsed(path, json)
  const metadata: Record<string, string> = {}
  const tensors: TensorEntry[] = []
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(requireObject(path, name, value))) metadata[key] = String(text)
    } else {
      tensors.push(entryOf(path, name, requireObject(path, name, value)))
    }
  }
  let offset = 0
  for (const { name, start, end } of tensors.toSorted((a, b) => a.start - b.start)) {
    if (start !== offset) throw damaged(path, `the tensor ${name} starts at byte ${start} instead of ${offset}`)
    offset = end
  }
  if (offset !== dataBytes) {
    throw damaged(path, `${dataBytes} bytes of data`, `${offset} bytes of data, as the header says`)
  }
  return { tensors, metadata }
}

function parsed(path: string, json: string): Readonly<Record<string, unknown>> {
  try {
    return requireObject(path, 'header', JSON.parse(json))
  } catch (error) {
    if (ConvzooError.isInstance(error)) throw error
    throw damaged(path, 'a header that is not JSON')
  }
}

function requireObject(path: string, name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw damaged(path, `an entry "${name}" that is no object`)
  }
  return Object.fromEntries(Object.entries(value))
}

function entryOf(path: string, name: string, value: Readonly<Record<string, unknown>>): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = value
  if (dtype !== 'F32') throw damaged(path, `the tensor ${name} of type ${String(dtype)}`, 'float32 tensors (F32)')
  const lengths = wholeNumbers(shape)
  const [start, end] = wholeNumbers(offsets) ?? []
  if (lengths === undefined || start === undefined || end === undefined) {
    throw damaged(path, `the tensor ${name} without a shape or a place`)
  }
  if (end - start !== sizeOf(lengths) * bytesPerElement) {
    throw damaged(path, `the tensor ${name} of shape ${formatShape(lengths)} in ${end - start} bytes`)
  }
  return { name, shape: lengths, start, end }
}

function wholeNumbers(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined
  const list: unknown[] = value
  const numbers = list.filter(
    (each): each is number => typeof each === 'number' && Number.isSafeInteger(each) && each >= 0,
  )
  return numbers.length === list.length ? numbers : undefined
}
