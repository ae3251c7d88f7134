import { constants } from 'node:fs'
import { type FileHandle, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { codeOf, fileError, makeFolder, openForWriting } from '@convzoo/files'
import { EventSchema } from '../proto/event_pb.js'
import { recordOf } from './record.js'

/** What an event says, beside the time at which it is written. */
export type EventContent = NonNullable<MessageInitShape<typeof EventSchema>['what']>

/** The version of the format, in the first record of each file. */
const fileVersion = 'brain.Event:2'

const named = /^events\.out\.tfevents\.(\d+)\./

const appending = constants.O_WRONLY | constants.O_APPEND
const creating = appending | constants.O_CREAT | constants.O_EXCL

/** The names of a folder's event files, in the order in which TensorBoard reads them; none where there is no folder. */
export async function eventFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.includes('tfevents')).sort()
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    throw fileError(`${folder} cannot be read`, cause)
  }
}

/** An event file that grows. What is added is written at once, so that a process that is killed leaves whole records behind. */
export class EventFile {
  readonly #path: string
  #handle: FileHandle | undefined

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  /**
   * A new file, behind all that are in the folder.
   *
   * @throws ConvzooError of kind `file` if it cannot be made.
   */
  static async create(folder: string): Promise<EventFile> {
    await makeFolder(folder)
    const before = (await eventFiles(folder)).map((name) => Number(named.exec(name)?.[1] ?? 0))
    // They are read in the order of their names: by the second, of which each has one of its own.
    for (let second = Math.max(Math.floor(Date.now() / 1000), ...before.map((each) => each + 1)); ; second++) {
      const path = join(folder, `events.out.tfevents.${String(second).padStart(10, '0')}.convzoo`)
      try {
        const file = new EventFile(path, await openForWriting(path, creating))
        await file.add(0, [{ case: 'fileVersion', value: fileVersion }])
        return file
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST') throw fileError(`The event file ${path} cannot be written`, cause)
      }
    }
  }

  /**
   * Adds events of one step.
   *
   * @throws ConvzooError of kind `file` if they cannot be written.
   */
  async add(step: number, contents: readonly EventContent[]): Promise<void> {
    const wallTime = Date.now() / 1000
    const records = contents.map((what) =>
      recordOf(toBinary(EventSchema, create(EventSchema, { wallTime, step: BigInt(step), what }))),
    )
    try {
      this.#handle ??= await openForWriting(this.#path, appending)
      await this.#handle.appendFile(Buffer.concat(records))
    } catch (cause) {
      throw fileError(`The event file ${this.#path} cannot be written`, cause)
    }
  }

  /** Gives the file back to the system; what is added later opens it again. */
  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }
}
