import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { threadId } from 'node:worker_threads'
import { codeOf, putFileSync, removeIfFreeSync, renameFileSync } from '@convzoo/files'
import type { Pixels } from '../augment/image.js'
import type { PictureForm } from '../augment/placement.js'
import { partialMark } from '../files/partial.js'
import { shortReason } from '../files/reason.js'
import { readBytes } from '../images/read-bytes.js'
import type { ImageReference } from '../images/reference.js'
import type { Keeping, PictureCache, PicturePlace } from './kept-picture.js'
import type { Room } from './room.js'

export interface DiskCacheStart {
  readonly kind: 'disk'
  readonly room: SharedArrayBuffer
  readonly folder: string
  /** What besides the file and the form makes a picture what it is. */
  readonly maker: string
}

/** Before the pixels: what a file is, height, width and channels, and the sum of all. */
const magic = Buffer.from('convzoo picture 1\n')
const sizesAt = magic.length
const sumAt = sizesAt + 12
const pixelsAt = sumAt + 32

/**
 * Keeps pictures in files that are named by what they were made of: the place, size and time of the bytes, and how they were decoded. What
 * is torn or another's has another sum, and is made again.
 */
export class DiskCache implements PictureCache {
  readonly #start: DiskCacheStart
  readonly #room: Room

  constructor(start: DiskCacheStart, room: Room) {
    this.#start = start
    this.#room = room
  }

  place(image: ImageReference, form: PictureForm): PicturePlace {
    const identity = this.#identityOf(image, form)
    // Why a file cannot be used says who reads it.
    if (identity === undefined) return { found: undefined, keep: () => ({}) }
    const name = createHash('sha256').update(identity).digest('hex').slice(0, 40)
    const path = join(this.#start.folder, name.slice(0, 2), name)
    return { found: read(path, identity), keep: (picture) => this.#keep(path, identity, picture) }
  }

  /** The time is taken before the bytes are read: what changes in between is looked for under another name. */
  #identityOf({ path, offset, length }: ImageReference, form: PictureForm): string | undefined {
    try {
      const { size, mtimeMs } = statSync(path)
      return JSON.stringify([this.#start.maker, form, resolve(path), offset, length, size, mtimeMs])
    } catch {
      return undefined
    }
  }

  #keep(path: string, identity: string, picture: Pixels): Keeping {
    if (this.#room.isClosed) return {}
    const bytes = encoded(identity, picture)
    if (!this.#room.take(bytes.length)) return { isFull: true }
    const partial = `${path}${partialMark}${process.pid}-${threadId}`
    try {
      writeBelow(partial, bytes)
      renameFileSync(partial, path)
      return {}
    } catch (error) {
      this.#room.giveBack(bytes.length)
      removeIfFreeSync(partial)
      // Windows replaces no file that another process reads: it holds the same picture.
      if (existsSync(path)) return {}
      this.#room.close()
      return { trouble: shortReason(error) }
    }
  }
}

/** Writes a file; its folder is made where it is not there. */
function writeBelow(path: string, bytes: Uint8Array): void {
  try {
    putFileSync(path, bytes)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    mkdirSync(dirname(path), { recursive: true })
    putFileSync(path, bytes)
  }
}

function encoded(identity: string, { data, height, width, channels }: Pixels): Uint8Array {
  const bytes = Buffer.allocUnsafe(pixelsAt + data.length)
  magic.copy(bytes)
  ;[height, width, channels].forEach((size, place) => {
    bytes.writeUInt32LE(size, sizesAt + 4 * place)
  })
  bytes.set(data, pixelsAt)
  sumOf(identity, bytes).copy(bytes, sumAt)
  return bytes
}

function read(path: string, identity: string): Pixels | undefined {
  let bytes: Buffer
  try {
    bytes = readBytes({ path })
  } catch {
    return undefined
  }
  if (bytes.length < pixelsAt || !magic.equals(bytes.subarray(0, magic.length))) return undefined
  const [height = 0, width = 0, channels = 0] = [0, 1, 2].map((place) => bytes.readUInt32LE(sizesAt + 4 * place))
  if (bytes.length !== pixelsAt + height * width * channels) return undefined
  if (!sumOf(identity, bytes).equals(bytes.subarray(sumAt, pixelsAt))) return undefined
  return { data: bytes.subarray(pixelsAt), height, width, channels }
}

/** Of all but itself. */
function sumOf(identity: string, bytes: Uint8Array): Buffer {
  return createHash('sha256')
    .update(identity)
    .update(bytes.subarray(0, sumAt))
    .update(bytes.subarray(pixelsAt))
    .digest()
}
