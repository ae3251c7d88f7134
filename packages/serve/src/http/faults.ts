import { ConvzooError } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'

/** What of an error a client is told: never where in the program it arose. */
export type ShownError = Omit<ReturnType<ConvzooError['toFields']>, 'cause'>

type Status = 400 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 431 | 500 | 503

/** A request that is answered with an error, and how. */
export class HttpFault extends Error {
  readonly status: Status
  readonly shown: ShownError
  readonly headers: Readonly<Record<string, string>>

  constructor(status: Status, shown: ShownError, headers: Readonly<Record<string, string>> = {}) {
    const error = new ConvzooError(shown)
    super(error.message)
    this.status = status
    // With what it holds made printable.
    this.shown = error.toFields()
    this.headers = headers
  }
}

/** Seconds after which a client may try again. */
const retryAfter = { 'Retry-After': '1' }

export const tooMuch = (held: string): HttpFault =>
  new HttpFault(
    503,
    {
      kind: 'state',
      message: 'The server has its hands full.',
      expected: `at most ${held} at once`,
      hint: 'send it again in a second',
    },
    retryAfter,
  )

export const closing = (): HttpFault =>
  new HttpFault(503, { kind: 'state', message: 'The server is being stopped.' }, { ...retryAfter, Connection: 'close' })

export const unusableRequest = (shown: Omit<ShownError, 'kind'>): HttpFault =>
  new HttpFault(400, { kind: 'data', ...shown })

/** What an error of ours is to a client. */
export function faultOf(error: unknown): HttpFault {
  if (error instanceof HttpFault) return error
  const { message, hint } = internalError('The server could not answer.')
  return new HttpFault(500, {
    kind: 'internal',
    message: message.split('\n')[0] ?? '',
    ...(hint === undefined ? {} : { hint }),
  })
}
