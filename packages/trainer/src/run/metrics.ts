import { createReadStream } from 'node:fs'
import { open, truncate } from 'node:fs/promises'
import { fileError } from '@convzoo/files'
import type { Position } from '../training-steps.js'

/** The lines of `metrics.jsonl`: one JSON object each, in the order in which they came about. */
export class Metrics {
  constructor(readonly path: string) {}

  /**
   * Adds a line, in whole or not at all.
   *
   * @throws ConvzooError of kind `file` if it cannot be written.
   */
  async add(entry: object): Promise<void> {
    try {
      const file = await open(this.path, 'a')
      try {
        const { size } = await file.stat()
        await file.appendFile(`${JSON.stringify(entry)}\n`).catch(async (error: unknown) => {
          await file.truncate(size)
          throw error
        })
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw fileError(`${this.path} cannot be added to`, cause)
    }
  }

  /** Makes what was added last, even through a loss of power. */
  async sync(): Promise<void> {
    try {
      const file = await open(this.path, 'a')
      try {
        await file.datasync()
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw fileError(`${this.path} cannot be written`, cause)
    }
  }

  /** Drops the lines that came after a position, and a last one that is cut off: a resumed run writes them anew. */
  async rewind(position: Position): Promise<void> {
    let kept = 0
    for await (const { entry, end } of this.#lines()) {
      if (!cameBefore(entry, position)) break
      kept = end
    }
    await truncate(this.path, kept).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw fileError(`${this.path} cannot be written`, cause)
    })
  }

  /** The entries so far. A line that is cut off ends them. */
  async *read(): AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined> {
    for await (const { entry } of this.#lines()) yield entry
  }

  async *#lines(): AsyncGenerator<{ readonly entry: Readonly<Record<string, unknown>>; readonly end: number }> {
    let rest = Buffer.alloc(0)
    let end = 0
    try {
      for await (const chunk of createReadStream(this.path)) {
        rest = Buffer.concat([rest, chunk])
        for (let newline = rest.indexOf(10); newline >= 0; newline = rest.indexOf(10)) {
          const entry = parsed(rest.toString('utf8', 0, newline))
          if (entry === undefined) return
          rest = rest.subarray(newline + 1)
          end += newline + 1
          yield { entry, end }
        }
      }
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) {
        throw fileError(`${this.path} cannot be read`, cause)
      }
    }
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined
  } catch {
    return undefined
  }
}

/** Whether an entry was written before training stood there. */
function cameBefore({ type, step, epoch }: Readonly<Record<string, unknown>>, position: Position): boolean {
  if (type === 'step') return typeof step === 'number' && step < position.step
  if (type === 'epoch') return typeof epoch === 'number' && epoch < position.epoch
  return false
}
