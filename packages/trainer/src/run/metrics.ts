import { constants } from 'node:fs'
import { type FileHandle, stat } from 'node:fs/promises'
import { ConvzooError } from '@convzoo/core'
import { describeValue, unusableOption } from '@convzoo/core/define'
import { codeOf, fileError, type Line, linesOf, openForWriting, replaceFile } from '@convzoo/files'
import type { Position } from '../stand.js'
import { Following, type MetricsFollower } from './following.js'
import { keepAside } from './keep-aside.js'
import { parseRecord, type RunRecord } from './records.js'
import { Rewinding } from './rewinding.js'

/** Bytes: many times what is written. */
const longestLine = 2 ** 24

/** UTF-16 units that are written at a time. */
const chunkLength = 2 ** 16

/** Images in a line: those of a large set that is damaged would make one that cannot be read. */
const imagesInALine = 500

/** Writing to a pipe that nobody reads would wait for ever. */
const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0)

/** The lines of `metrics.jsonl`: one record each, as JSON, in the order in which they came about. */
export class Metrics {
  constructor(readonly path: string) {}

  /**
   * Adds a record, in whole or not at all.
   *
   * @throws ConvzooError of kind `option` if it is none, of kind `file` if it cannot be written.
   */
  async add(record: RunRecord): Promise<void> {
    const lines = linesOfRecord(record)
    await this.#append('added to', async (file) => {
      const { size } = await file.stat()
      await file.appendFile(lines.join('')).catch(async (error: unknown) => {
        await file.truncate(size)
        throw error
      })
    })
  }

  /** Makes what was added last, even through a loss of power. */
  async sync(): Promise<void> {
    await this.#append('written', (file) => file.datasync())
  }

  /**
   * Drops the records that came after a position, and a last line that is cut off: a resumed run writes them anew. Where the file is
   * damaged otherwise, the records that are whole stay, and the file as it was is kept beside it.
   *
   * @returns What was found damaged, a sentence each.
   * @throws ConvzooError of kind `file` if it cannot be read or written.
   */
  async rewind(position: Position): Promise<readonly string[]> {
    const found = new Rewinding(position)
    for await (const line of this.#lines()) found.see(line)
    if (found.faults.length === 0) {
      await this.#cut(found)
      const isLost = position.step > 0 && found.lastKept === 0
      return isLost ? [`${this.path} has no records of the ${position.step} steps before.`] : []
    }
    const aside = await keepAside(this.path)
    await this.#keepOnly(position, found.lastKept)
    return [
      `${this.path} is damaged: ${found.faults.join('; ')}. Its records that are whole stay; the file as it was is ${aside}.`,
    ]
  }

  /**
   * The records so far. Lines that are none are passed over, and those of a type that this version does not know.
   *
   * @throws ConvzooError of kind `file` if the file cannot be read; without one there are no records.
   */
  async *read(): AsyncGenerator<RunRecord, void, undefined> {
    for await (const { text } of this.#lines()) {
      const record = parseRecord(text)
      if (typeof record === 'object') yield record
    }
  }

  /**
   * Follows a file to which another process adds. Each call of what is given reads what is new and whole.
   *
   * @param follower `take` gets each record. `anew` is called where the file is another one than before, as after a run was resumed: all of
   * its records come again.
   * @example
   * const follow = folder.metrics.follow({ take: (record) => records.push(record), anew: () => records.splice(0) })
   * await follow()
   */
  follow(follower: MetricsFollower): () => Promise<void> {
    const following = new Following(follower)
    return async () => {
      const { start } = following
      const { size } = await stat(this.path).catch(() => ({ size: 0 }))
      if (size < following.end || !(await following.isSame(this.#lines(start)))) following.restart()
      for await (const line of this.#lines(following.start)) following.see(line)
    }
  }

  async #append(done: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
    try {
      const file = await openForWriting(this.path, appending)
      try {
        await write(file)
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw fileError(`${this.path} cannot be ${done}`, cause)
    }
  }

  /** Ends the file behind the last line that stays. */
  async #cut({ lastKeptEnd, isEnded }: Rewinding): Promise<void> {
    try {
      const file = await openForWriting(this.path, 'r+')
      try {
        await file.truncate(lastKeptEnd)
      } finally {
        await file.close()
      }
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return
      throw fileError(`${this.path} cannot be written`, cause)
    }
    if (!isEnded) await this.#append('added to', (file) => file.appendFile('\n'))
  }

  /** Writes the file anew with the lines that stay. */
  async #keepOnly(position: Position, lastKept: number): Promise<void> {
    await replaceFile(this.path, async (file) => {
      const kept = new Rewinding(position)
      let text = ''
      for await (const line of this.#lines()) {
        if (line.number > lastKept) break
        if (kept.see(line)) text += `${line.text}\n`
        if (text.length < chunkLength) continue
        await file.writeFile(text)
        text = ''
      }
      await file.writeFile(text)
    })
  }

  async *#lines(start = 0): AsyncGenerator<Line, void, undefined> {
    try {
      yield* linesOf(this.path, { expected: 'the metrics of a run', longestLine, start })
    } catch (cause) {
      if (ConvzooError.isInstance(cause) && codeOf(cause.cause) === 'ENOENT') return
      throw cause
    }
  }
}

/** Records of bad images in parts that can be read again. */
function partsOf(record: RunRecord): readonly RunRecord[] {
  if (record.type !== 'bad-images' || !Array.isArray(record.images)) return [record]
  const { images } = record
  const count = Math.max(1, Math.ceil(images.length / imagesInALine))
  return Array.from({ length: count }, (_, part) => ({
    ...record,
    images: images.slice(part * imagesInALine, (part + 1) * imagesInALine),
  }))
}

/** @throws ConvzooError of kind `option` if it is none. */
function linesOfRecord(record: RunRecord): readonly string[] {
  try {
    const lines = partsOf(record).map((part) => `${JSON.stringify(part)}\n`)
    if (lines.every((line) => typeof parseRecord(line) === 'object')) return lines
  } catch {
    // What JSON cannot hold is no record.
  }
  throw unusableOption('"record"', {
    expected: 'a record of a run: a step, an epoch, a validation, a test or bad images, all numbers finite',
    received: describeValue(record),
  })
}
