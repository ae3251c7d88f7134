import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { ConvzooError } from '@convzoo/core'
import { unreadable } from './file-error.js'
import { requirePath } from './path.js'
import { isOfSystem } from './system-folder.js'
import { whileHeld, whileHeldSync } from './while-held.js'

/** What a file is meant to be, and how much of it there may be. */
export interface ReadOptions {
  /** What the path should lead to, for errors: `a JSONL manifest`. */
  readonly expected: string
  /** A file of more bytes is refused before anything of it is read. */
  readonly mostBytes: number
}

/** A regular file that is open for reading. Close the handle after use. */
export interface OpenedFile {
  readonly handle: FileHandle
  /** Bytes, when it was opened. */
  readonly size: number
}

/** Opening a pipe for reading waits for a writer; this does not. Regular files know no difference. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** What something at a path is that is no regular file, in words: reading it may never end, or do something. */
function kindOf(status: Stats): string | undefined {
  if (status.isFile()) return undefined
  if (status.isDirectory()) return 'a folder, not a file'
  if (status.isFIFO()) return 'a pipe, not a regular file'
  if (status.isSocket()) return 'a socket, not a regular file'
  return 'a device, not a regular file'
}

/** What the kernel makes up while it is read takes no room on a disk; only then it is asked what lies there. */
function requireRegular(status: Stats, path: string): void {
  const kind =
    kindOf(status) ?? (status.blocks === 0 && isOfSystem(path) ? 'a view of the system, not a regular file' : undefined)
  if (kind !== undefined) throw new Error(kind)
}

/**
 * Opens a regular file for reading: the one way in which files from outside are opened. Folders, pipes, sockets, devices and
 * what lies in `/proc` and its like are refused, links to regular files are followed.
 *
 * @throws ConvzooError of kind `option` if the path is none, of kind `file` that names the path and says what is there instead.
 * @example
 * const { handle, size } = await openRegularFile('weights.safetensors', 'a safetensors file')
 * try {
 *   await handle.read(new Uint8Array(8), 0, 8, 0)
 * } finally {
 *   await handle.close()
 * }
 */
export async function openRegularFile(path: string, expected: string): Promise<OpenedFile> {
  requirePath('openRegularFile', path)
  try {
    // Before it is opened, which of a device may already do something, and after, since it may have been replaced in between.
    requireRegular(await stat(path), path)
    const handle = await whileHeld('read', () => open(path, flags))
    try {
      const status = await handle.stat()
      requireRegular(status, path)
      return { handle, size: status.size }
    } catch (error) {
      await handle.close()
      throw error
    }
  } catch (cause) {
    throw unreadable(path, expected, cause)
  }
}

/**
 * The bytes of a regular file, as many as it had when it was opened.
 *
 * @throws ConvzooError of kind `file` that names the path, if it is no regular file, too large, or cannot be read.
 */
export async function readRegularFile(path: string, { expected, mostBytes }: ReadOptions): Promise<Buffer> {
  const { handle, size } = await openRegularFile(path, expected)
  try {
    requireAtMost(path, size, mostBytes, expected)
    const bytes = Buffer.allocUnsafeSlow(size)
    return bytes.subarray(0, await readInto(handle, bytes, 0))
  } catch (cause) {
    throw unreadable(path, expected, cause)
  } finally {
    await handle.close()
  }
}

/** Fills an array from a place in a file, and says how many bytes there were. */
export async function readInto(handle: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

/** @throws ConvzooError of kind `file` if a file has more bytes than can be meant. */
export function requireAtMost(path: string, bytes: number, most: number, expected: string): void {
  if (bytes <= most) return
  throw new ConvzooError({
    kind: 'file',
    message: `${path} is too large.`,
    expected: `${expected} of at most ${most} bytes`,
    received: `${bytes} bytes`,
    hint: 'check that it is the file that you mean',
  })
}

/** A part of a file, and how large it may be. */
export interface PartOptions {
  /** Bytes from the start of the file; 0 by default. */
  readonly offset?: number
  /** Bytes; to the end by default. */
  readonly length?: number
  readonly mostBytes: number
  /** Gives memory for so many bytes; new memory by default. */
  readonly roomFor?: (bytes: number) => Buffer
}

/**
 * The bytes of a regular file, or of a part of one. For a worker thread: it blocks.
 *
 * @throws Error that says why in a few words, for whoever knows what the file is called.
 */
export function readRegularFileSync(
  path: string,
  { offset = 0, length, mostBytes, roomFor = Buffer.allocUnsafeSlow }: PartOptions,
): Buffer {
  requireRegular(statSync(path), path)
  const file = whileHeldSync('read', () => openSync(path, flags))
  try {
    const status = fstatSync(file)
    requireRegular(status, path)
    const wanted = length ?? status.size - offset
    if (wanted > mostBytes) throw new Error(`${wanted} bytes, more than ${mostBytes}`)
    if (wanted <= 0) throw new Error('empty file')
    // Before memory is taken for what is not there.
    if (offset + wanted > status.size) throw shorter(Math.max(status.size - offset, 0), wanted)
    const bytes = roomFor(wanted)
    let filled = 0
    while (filled < wanted) {
      const read = readSync(file, bytes, filled, wanted - filled, offset + filled)
      if (read === 0) break
      filled += read
    }
    if (filled < wanted) throw shorter(filled, wanted)
    return bytes
  } finally {
    closeSync(file)
  }
}

const shorter = (there: number, wanted: number): Error =>
  new Error(`${there} of ${wanted} bytes: the file has become shorter`)
