import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from './reason.js'

/** What is done to a file, as far as it matters to which refusals pass by themselves. */
type Deed = 'move' | 'remove' | 'write' | 'read'

/**
 * Milliseconds between one try and the next. On Windows a virus scanner, an indexer or a folder that is synchronised opens each new file
 * for a moment, and meanwhile nobody may rename, remove or open it; ten seconds are longer than any of them takes.
 */
const long = [10, 20, 40, 80, 160, 320, ...Array.from({ length: 19 }, () => 500)]

/** For a refusal that may well be meant: a file that is being removed goes within this time. */
const middle = [10, 20, 40, 80, 160, 320, 500]

/** Elsewhere only disks of other systems (SMB, a Windows disk in WSL) are refused for a moment. */
const short = [10, 20, 40]

/** The pauses after a refusal; none where it cannot pass. */
function pausesFor(error: unknown, deed: Deed): readonly number[] {
  const code = codeOf(error)
  const isWindows = process.platform === 'win32'
  // libuv: ERROR_SHARING_VIOLATION, another program has the file open. One that is to be read may be open in an office program for hours.
  if (code === 'EBUSY') return isWindows ? (deed === 'read' ? middle : long) : short
  // libuv: ERROR_ACCESS_DENIED, the file is open or being removed, or this user may not touch it: so said of most that cannot be opened.
  if ((code === 'EPERM' || code === 'EACCES') && deed !== 'read')
    return isWindows ? (deed === 'write' ? middle : long) : short
  // What was removed from a folder stays in it for as long as it is open.
  if (code === 'ENOTEMPTY' && deed === 'remove') return isWindows ? long : short
  return []
}

/**
 * Does something to a file, again after growing pauses while another program holds it: for about ten seconds on Windows, for a moment
 * elsewhere.
 *
 * @throws What the last try throws.
 */
export async function whileHeld<T>(deed: Deed, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await attempt()
    } catch (error) {
      const pause = pausesFor(error, deed)[tried]
      if (pause === undefined) throw error
      await sleep(pause)
    }
  }
}

/** As {@link whileHeld}, for a worker thread: it blocks. */
export function whileHeldSync<T>(deed: Deed, attempt: () => T): T {
  for (let tried = 0; ; tried++) {
    try {
      return attempt()
    } catch (error) {
      const pause = pausesFor(error, deed)[tried]
      if (pause === undefined) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
}
