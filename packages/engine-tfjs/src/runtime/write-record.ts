import { join } from 'node:path'
import { replaceFile } from '@convzoo/files'
import type { Record } from './record.js'

/** Kernels that are kept; of what runs after them nothing is. */
const most = 200_000

/** An event of Chrome's tracing, whose times are microseconds. */
interface TraceEvent {
  readonly cat: 'Session' | 'Thread' | 'Kernel'
  readonly name: string
  readonly ph: 'X'
  readonly pid: 1
  /** 1: what the thread does; 2: the device. */
  readonly tid: 1 | 2
  readonly ts: number
  readonly dur: number
  readonly args?: { readonly shape: string }
}

const threads = { caller: 1, device: 2 } as const

/** What the calls of a function were spent on, in the form of Chrome's tracing, which Perfetto shows. */
export class FunctionRecord {
  readonly #events: TraceEvent[] = []

  constructor(readonly name: string) {}

  /** Adds a call that began at `started` and took so many milliseconds: its kernels stand one after another from its start. */
  add({ asking, kernels }: Record, started: number, milliseconds: number): void {
    if (this.#events.length + kernels.length > most) return
    const start = Math.round(started * 1000)
    const event = (cat: TraceEvent['cat'], tid: 1 | 2, name: string, ts: number, ms: number): TraceEvent => ({
      ...{ cat, name, ph: 'X', pid: 1, tid, ts, dur: Math.round(ms * 1000) },
    })
    this.#events.push(event('Session', threads.caller, 'run', start, milliseconds))
    this.#events.push(event('Thread', threads.caller, 'told the device', start, asking))
    let at = start
    for (const { name, shape, milliseconds: took } of kernels) {
      const kernel = event('Kernel', threads.device, name, at, took)
      this.#events.push({ ...kernel, args: { shape: shape.join('x') } })
      at += kernel.dur
    }
  }

  /**
   * Writes it as a file of its own, whose name begins with that of the function.
   *
   * @throws ConvzooError of kind `file` if it cannot be written.
   */
  async write(folder: string): Promise<void> {
    if (this.#events.length === 0) return
    const when = new Date().toISOString().replaceAll(/[:.]/g, '-')
    const path = join(folder, `${this.name.replaceAll(/[^\w-]+/g, '-')}_${when}.json`)
    await replaceFile(path, (file) => file.writeFile(JSON.stringify(this.#events)))
  }
}
