import type { FileHandle } from 'node:fs/promises'
import { ConvzooError } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { openRegularFile, readInto } from '@convzoo/files'
import { TarExtensions } from './tar-extensions.js'
import { blockBytes, isZero, parseTarHeader, type TarHeader } from './tar-header.js'

/** A member of a tar archive. */
export interface TarMember {
  readonly name: string
  /** `file`, `directory`, `symlink` and so on. */
  readonly type: string
  /** Bytes of its contents. */
  readonly size: number
  /** Bytes from the start of the archive to its contents. */
  readonly offset: number
  /** Its contents, or the first bytes of them; to be asked for before the next member is taken. */
  read(most?: number): Promise<Buffer>
}

const types: ReadonlyMap<string, string> = new Map([
  ['0', 'file'],
  ['1', 'link'],
  ['2', 'symlink'],
  ['3', 'character-device'],
  ['4', 'block-device'],
  ['5', 'directory'],
  ['6', 'fifo'],
  ['7', 'contiguous-file'],
])

/** No archive has more members. */
const mostMembers = 10_000_000

/** Of more members than this, the contents have so many bytes in the mean: what is less holds no pictures, but fills the memory. */
const manyMembers = 2 ** 17
const leastMean = 64

/** The end is marked by zeros, which fill a tape's block; archives that were put one behind the other go on after them. */
const mostZeros = 2 ** 20

/**
 * The members of a plain tar archive, in its order. Only headers are read, and contents that are asked for: an archive costs by its
 * members, not by its size.
 *
 * @throws ConvzooError of kind `file` that names the archive, if it cannot be read or has too many members; Error that says why in a few
 * words where it is damaged: what came before is good.
 */
export async function* tarMembers(path: string): AsyncGenerator<TarMember, void, undefined> {
  const { handle, size: end } = await openRegularFile(path, 'a tar archive')
  try {
    const pane = new Pane(handle)
    const extensions = new TarExtensions()
    let [members, contents, zeros] = [0, 0, 0]
    for (let at = 0; at < end && zeros < mostZeros; ) {
      if (at + blockBytes > end) throw new Error('it ends within a header')
      const block = await pane.read(at, blockBytes)
      at += blockBytes
      if (isZero(block)) {
        zeros += blockBytes
        continue
      }
      zeros = 0
      const own = parseTarHeader(block)
      const extension = TarExtensions.lengthOf(own)
      const header = extension === undefined ? extensions.applyTo(own) : own
      const type = typeOf(header)
      // What folders say of a size is no size of contents.
      const size = type === 'directory' ? 0 : header.size
      const offset = at
      if (offset + size > end) {
        throw new Error(
          `${printable(header.name)} should have ${size} bytes, of which ${Math.max(end - offset, 0)} are there`,
        )
      }
      at += Math.ceil(size / blockBytes) * blockBytes
      if (extension !== undefined) {
        if (extension > 0) extensions.add(own, await pane.read(offset, extension))
        continue
      }
      members++
      contents += size
      requireSensible(path, members, contents)
      const read = async (most = size): Promise<Buffer> => Buffer.from(await pane.read(offset, Math.min(size, most)))
      yield { name: header.name, type, size, offset, read }
    }
  } finally {
    await handle.close()
  }
}

/** Archives of old have folders as files whose names end with a slash. */
function typeOf({ flag, name }: TarHeader): string {
  if (flag === '0' && name.endsWith('/')) return 'directory'
  return types.get(flag) ?? 'member of an unknown kind'
}

function requireSensible(path: string, members: number, contents: number): void {
  const isHollow = members > manyMembers && contents < members * leastMean
  if (members <= mostMembers && !isHollow) return
  throw new ConvzooError({
    kind: 'file',
    message: `${path} has more members than can be meant.`,
    expected: `at most ${mostMembers} members; of more than ${manyMembers}, ${leastMean} bytes each in the mean`,
    received: `${members} members and more, with ${contents} bytes in all`,
    hint: 'part it into several archives, without the members that are empty',
  })
}

/** Bytes that are read at once: headers lie close together where members are small. */
const paneBytes = 2 ** 14

/** The part of a file that is held. */
class Pane {
  readonly #handle: FileHandle
  #start = 0
  #bytes = Buffer.alloc(0)

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** A view that holds until the next one is asked for. */
  async read(position: number, length: number): Promise<Buffer> {
    if (position < this.#start || position + length > this.#start + this.#bytes.length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(length, paneBytes))
      this.#start = position
      this.#bytes = bytes.subarray(0, await readInto(this.#handle, bytes, position))
    }
    const from = position - this.#start
    const view = this.#bytes.subarray(from, from + length)
    if (view.length < length) throw new Error('it ends too early')
    return view
  }
}
