import { randomBytes } from 'node:crypto'
import { requireArguments } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import { askRun } from '@convzoo/run'
import type { FixedParts } from '../page/page-data.js'
import { ToldRun } from '../story/read-run.js'
import { type LiveOptions, liveOptions } from './options.js'

export type { LiveOptions } from './options.js'

/** A run that is shown while it goes on. */
export interface LiveRun extends AsyncDisposable {
  /** The address with its token: whoever has it may look at the run, stop it, and have a checkpoint written. */
  readonly url: string
  /** Tells those who watch how it stands, and ends. */
  close(): Promise<void>
}

const host = '127.0.0.1'

/** Seconds within which a request has to come. */
const timeout = 30

/**
 * Shows a run in the browser while it goes on, in this process or another one, after it was stopped, or when it is finished. Only this
 * machine is answered, and only who has the address with its token. The page reads the folder of the run; it changes nothing there but that
 * it may ask the run to stop, or to write a checkpoint.
 *
 * @param folder What `train` made, or makes.
 * @throws ConvzooError of kind `file` if the folder is no run, of kind `option` for a bad option, or a port that cannot be taken.
 * @example
 * const live = await liveRun('runs/flowers')
 * console.log(live.url)
 * await live.close()
 */
export async function liveRun(folder: string, options: LiveOptions = {}): Promise<LiveRun> {
  requireArguments('liveRun', { folder: [pathOption, folder] })
  const { port, onWarning } = liveOptions.parse('liveRun', options)
  const run = await ToldRun.open(folder)
  const { listen } = await import('@convzoo/serve/http')
  const { pageOf } = await import('../page/page.js')
  const { fixedParts } = await import('../story/fixed.js')
  const { appOf } = await import('./app.js')
  const { Broadcast } = await import('./broadcast.js')
  const onDefect = (error: unknown): void => onWarning(`The page of the run could not be shown: ${String(error)}`)
  const broadcast = new Broadcast(run, onDefect)
  let fixed: Promise<FixedParts> | undefined
  let hosts: readonly string[] = []
  const token = randomBytes(24).toString('base64url')
  const page = async () => {
    fixed ??= fixedParts(folder)
    return pageOf({ fixed: await fixed, ...(await broadcast.now()) }, true)
  }
  const app = appOf({ token, hosts: () => hosts, page, broadcast, ask: (request) => askRun(folder, request), onDefect })
  const listening = await listen(app, { host, port, timeout })
  const { port: taken } = new URL(listening.url)
  hosts = [host, 'localhost'].map((name) => `${name}:${taken || '80'}`)
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= (async () => {
      await broadcast.end()
      await listening.close(() => undefined)
    })()
    return closed
  }
  return { url: `${listening.url}?token=${token}`, close, [Symbol.asyncDispose]: close }
}
