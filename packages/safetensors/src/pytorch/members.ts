import { messageOf, printable } from '@convzoo/core/define'
import { crc32 } from '@convzoo/files'
import type { Entry, ZipFile } from 'yauzl'
import { Refused } from './refused.js'

/** A network of a thousand layers has some six thousand. */
const mostMembers = 2 ** 16

/** How many times its size in the file a member may become, beyond the first mebibyte: weights shrink by a few percent. */
const mostGrowth = 100
const alwaysAllowed = 2 ** 20

/** The members of a zip archive that PyTorch wrote, by their names below its one folder. */
export class Members {
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  /** @throws Refused if it is no such archive, or its members cannot be what they claim. */
  static async open(descriptor: number, size: number): Promise<Members> {
    const options = { autoClose: false, lazyEntries: true, strictFileNames: true, validateEntrySizes: true }
    // Loaded by those who open an archive, not by all who read or write safetensors.
    const { fromFdPromise } = await import('yauzl')
    try {
      const zip = await fromFdPromise(descriptor, options)
      if (zip.entryCount > mostMembers) throw new Refused(`an archive of ${zip.entryCount} members`)
      const entries = new Map<string, Entry>()
      let packed = 0
      for await (const entry of zip.eachEntry()) {
        requireSound(entry)
        if (entries.has(entry.fileName)) throw new Refused(`an archive with ${printable(entry.fileName, 100)} twice`)
        entries.set(entry.fileName, entry)
        packed += entry.compressedSize
      }
      // Members that lie over each other are how small archives become large ones.
      if (packed > size) throw new Refused(`an archive of ${size} bytes with members of ${packed}`)
      return new Members(zip, below(entries))
    } catch (error) {
      throw asRefused(error)
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /**
   * The bytes of a member.
   *
   * @throws Refused if it is not there, has others than `mostBytes` allows, or is damaged.
   */
  async read(name: string, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw new Refused(`an archive without ${name}`)
    const size = entry.uncompressedSize
    if (size > mostBytes) throw new Refused(`${name} of ${size} bytes, more than ${mostBytes}`)
    try {
      const bytes = new Uint8Array(size)
      let filled = 0
      for await (const chunk of await this.#zip.openReadStreamPromise(entry)) {
        const part: Uint8Array = chunk
        if (filled + part.length > size) throw new Refused(`${name} of more bytes than its ${size}`)
        bytes.set(part, filled)
        filled += part.length
      }
      if (filled < size) throw new Refused(`${name} of ${filled} bytes instead of ${size}`)
      if (crc32(bytes) !== entry.crc32) throw new Refused(`${name} with another checksum than was written`)
      return bytes
    } catch (error) {
      throw asRefused(error)
    }
  }
}

function requireSound({ fileName, compressedSize, uncompressedSize, ...entry }: Entry): void {
  const name = printable(fileName, 100)
  if (entry.generalPurposeBitFlag % 2 === 1) throw new Refused(`an archive whose ${name} is encrypted`)
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw new Refused(`an archive whose ${name} is packed by method ${entry.compressionMethod}`)
  }
  if (uncompressedSize > alwaysAllowed && uncompressedSize > mostGrowth * compressedSize) {
    throw new Refused(`an archive whose ${name} would grow from ${compressedSize} to ${uncompressedSize} bytes`)
  }
}

/** All members of PyTorch's archives lie in one folder, whatever that is called. */
function below(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  const pickles = [...entries.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name))
  const [pickle, other] = pickles
  if (pickle === undefined || other !== undefined) throw new Refused(`an archive with ${pickles.length} data.pkl`)
  const folder = pickle.slice(0, -'data.pkl'.length)
  const named = [...entries].map(([name, entry]) => {
    if (!name.startsWith(folder))
      throw new Refused(`an archive with ${printable(name, 100)} beside ${printable(folder)}`)
    return [name.slice(folder.length), entry] as const
  })
  return new Map(named)
}

/** What yauzl and zlib throw of an archive that is damaged, in words. */
function asRefused(error: unknown): unknown {
  return error instanceof Refused
    ? error
    : new Refused(`no archive that can be read: ${printable(messageOf(error), 200)}`)
}
