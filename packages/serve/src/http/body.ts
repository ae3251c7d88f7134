import type { IncomingMessage } from 'node:http'
import type { Guest } from '../batching/house.js'
import { closing, HttpFault, unusableRequest } from './faults.js'

/**
 * The body of a request, no longer than it may be. How long it may take is the server's to bound.
 *
 * @throws HttpFault 413 if it is longer, 503 if there is no room for it, 400 if it ends too early.
 */
export async function readBody(incoming: IncomingMessage, most: number, guest: Guest): Promise<Buffer> {
  const announced = Number(incoming.headers['content-length'] ?? 0)
  if (announced > most) throw tooLarge(most, `${announced} bytes`)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const settle = (end: () => void): void => {
      incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
      guest.signal.removeEventListener('abort', onLeave)
      end()
    }
    const onData = (chunk: Buffer): void => {
      length += chunk.length
      try {
        if (length > most) throw tooLarge(most, 'more')
        guest.carry(chunk.length)
        chunks.push(chunk)
      } catch (error) {
        settle(() => reject(error))
      }
    }
    const onEnd = (): void =>
      settle(() => resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)))
    const onGone = (): void => settle(() => reject(unusableRequest({ message: 'The request ended too early.' })))
    const onLeave = (): void => settle(() => reject(closing()))
    guest.signal.addEventListener('abort', onLeave)
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
    if (guest.signal.aborted) onLeave()
  })
}

const tooLarge = (most: number, received: string): HttpFault =>
  new HttpFault(413, {
    kind: 'data',
    message: 'The request is too large.',
    expected: `at most ${most} bytes`,
    received,
    hint: 'send fewer photographs at a time, or smaller ones',
  })
