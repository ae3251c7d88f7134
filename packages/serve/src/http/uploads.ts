import type { IncomingMessage } from 'node:http'
import { printable } from '@convzoo/core/define'
import type { Guest } from '../batching/house.js'
import type { ServeSettings } from '../options.js'
import { readBody } from './body.js'
import { HttpFault, unusableRequest } from './faults.js'
import { partsOf } from './multipart.js'
import type { Upload } from './upload.js'

/**
 * The pictures of a request: its body is one, whatever it is called, or has them as parts.
 *
 * @throws HttpFault if there is none, or there is no room for them.
 */
export async function readUploads(
  incoming: IncomingMessage,
  { maxBytes, maxFiles }: Pick<ServeSettings, 'maxBytes' | 'maxFiles'>,
  guest: Guest,
): Promise<readonly Upload[]> {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = incoming.headers
  if (encoding !== 'identity') throw encoded(encoding)
  const body = await readBody(incoming, maxBytes, guest)
  if (body.length === 0) throw nothingSent()
  if (!/^multipart\//i.test(type)) return [{ name: undefined, bytes: body }]
  const uploads = await partsOf(body, type, maxFiles)
  guest.bring(uploads.length - 1)
  return uploads
}

const encoded = (encoding: string): HttpFault =>
  new HttpFault(415, {
    kind: 'data',
    message: 'The request is compressed as a whole.',
    expected: 'no Content-Encoding: pictures are compressed already',
    received: printable(encoding, 100),
  })

const nothingSent = (): HttpFault =>
  unusableRequest({
    message: 'The request is empty.',
    expected: 'the bytes of a picture, or multipart/form-data with pictures',
    received: '0 bytes',
    hint: 'curl --data-binary @holiday.jpg <address>',
  })
