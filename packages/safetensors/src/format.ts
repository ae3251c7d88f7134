import { ConvzooError, type Shape } from '@convzoo/core'
import { describeValue, formatShape, messageOf, printable, sizeOf } from '@convzoo/core/define'
import { isJsonObject, type JsonObject, parseJson } from '@convzoo/files/pure'
import { duplicateName } from './duplicate-name.js'
import { type Storage, storageOf, storages } from './storage.js'
import type { TensorSpec } from './tensors.js'

/** Where a tensor's bytes lie, counted from the end of the header. */
interface TensorEntry {
  readonly name: string
  readonly shape: Shape
  /** How its values stand there. */
  readonly storage: Storage
  readonly start: number
  readonly end: number
}

export interface SafetensorsHeader {
  readonly tensors: readonly TensorEntry[]
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * Bytes. A tensor takes about a hundred of them, so that this is the header of forty thousand, where a network of two hundred layers has
 * two thousand with all that its optimizer keeps. The format itself allows 25 times as much, which takes gigabytes to parse if it is made
 * for that.
 */
export const largestHeader = 2 ** 22

/** Bytes. Five times the largest of VGG-16; room is made for a tensor before it is known to be one of the network. */
const largestTensor = 2 ** 31

/** The entry of a header that is no tensor. */
const metadataName = '__metadata__'

/**
 * The beginning of a safetensors file: eight bytes of length (little endian), then JSON, filled up with spaces to a
 * multiple of eight. Names are sorted, so that equal tensors make equal bytes.
 *
 * Source: https://github.com/huggingface/safetensors, "Format".
 */
export function encodeHeader(specs: readonly TensorSpec[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let offset = 0
  const entries = sortedByName(specs).map(({ name, shape, storage = 'float32' }) => {
    const { dtype, bytes } = storages[storage]
    const start = offset
    offset += sizeOf(shape) * bytes
    return [name, { dtype, shape, data_offsets: [start, offset] }] as const
  })
  const head = Object.keys(metadata).length === 0 ? [] : [[metadataName, metadata] as const]
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...head, ...entries])))
  const padded = Math.ceil(json.length / 8) * 8
  if (padded > largestHeader) throw tooMuch(padded)
  const bytes = new Uint8Array(8 + padded).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true)
  bytes.set(json, 8)
  return bytes
}

function tooMuch(bytes: number): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: 'The names of the tensors and the metadata are too long for a safetensors file that can be read again.',
    expected: `a header of at most ${largestHeader} bytes`,
    received: `${bytes} bytes`,
    hint: 'give shorter names to classes or layers, or have fewer of them',
  })
}

/** By code unit, as no locale can change it. */
export function sortedByName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** What a file should be. */
export const expected = 'a safetensors file of float32, bfloat16 or float16 tensors'

export function damaged(path: string, received: string, instead: string = expected): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} cannot be read.`,
    expected: instead,
    received,
    hint: 'use a file that convzoo wrote, or write it again: it may be cut off or of another format',
  })
}

/** Reads the JSON of a header, and checks that its tensors lie one after another and fill the file. */
export function decodeHeader(path: string, json: string, dataBytes: number): SafetensorsHeader {
  const header = parsed(path, json)
  const tensors: TensorEntry[] = []
  for (const name of Object.keys(header)) {
    if (name !== metadataName) tensors.push(entryOf(path, name, header[name]))
  }
  let offset = 0
  // One without elements lies where the next one starts.
  for (const { name, start, end } of tensors.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== offset) throw damaged(path, `the tensor ${shown(name)} starts at byte ${start} instead of ${offset}`)
    offset = end
  }
  if (offset !== dataBytes) {
    throw damaged(path, `${dataBytes} bytes of data`, `${offset} bytes of data, as the header says`)
  }
  return { tensors, metadata: textsOf(path, metadataName in header ? header[metadataName] : {}) }
}

function parsed(path: string, json: string): JsonObject {
  let value: unknown
  try {
    value = parseJson(json)
  } catch (error) {
    throw damaged(path, `a header that is ${messageOf(error)}`)
  }
  if (!isJsonObject(value)) throw damaged(path, 'a header that is no object')
  const twice = duplicateName(json)
  if (twice !== undefined) throw damaged(path, `a header that has ${shown(twice)} twice`)
  return value
}

function textsOf(path: string, metadata: unknown): Readonly<Record<string, string>> {
  if (!isJsonObject(metadata)) throw damaged(path, 'metadata that are no object')
  const texts = Object.entries(metadata).map(([name, text]) => {
    if (typeof text !== 'string') throw damaged(path, `metadata whose ${shown(name)} is no text`)
    return [name, text] as const
  })
  return Object.fromEntries(texts)
}

function entryOf(path: string, name: string, value: unknown): TensorEntry {
  if (!isJsonObject(value)) throw damaged(path, `an entry ${shown(name)} that is no object`)
  const { dtype, shape, data_offsets: offsets } = value
  const storage = storageOf(dtype)
  if (storage === undefined) {
    const type = typeof dtype === 'string' ? dtype : describeValue(dtype)
    throw damaged(
      path,
      `the tensor ${shown(name)} of type ${printable(type, 60)}`,
      'tensors of single or half precision (F32, BF16, F16)',
    )
  }
  const lengths = wholeNumbers(shape)
  const [start, end, ...others] = wholeNumbers(offsets) ?? []
  if (lengths === undefined || start === undefined || end === undefined || others.length > 0) {
    throw damaged(path, `the tensor ${shown(name)} without a shape or a place`)
  }
  const bytes = sizeOf(lengths) * storages[storage].bytes
  // Beyond the whole numbers that are exact, a product that was rounded may seem to fit.
  if (!Number.isSafeInteger(bytes) || end - start !== bytes) {
    throw damaged(
      path,
      `the tensor ${shown(name)} of shape ${printable(formatShape(lengths), 100)} in ${end - start} bytes`,
    )
  }
  if (bytes > largestTensor) {
    throw damaged(path, `the tensor ${shown(name)} of ${bytes} bytes`, `tensors of at most ${largestTensor} bytes`)
  }
  return { name, shape: lengths, storage, start, end }
}

const shown = (name: string): string => printable(name, 100)

function wholeNumbers(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined
  const list: readonly unknown[] = value
  const isWhole = (each: unknown): each is number => typeof each === 'number' && Number.isSafeInteger(each) && each >= 0
  return list.every(isWhole) ? list : undefined
}
