import type { IncomingMessage } from 'node:http'
import { describeValue, printable } from '@convzoo/core/define'
import type { PictureReader, ReadPicture } from '@convzoo/data'
import { topClasses } from '@convzoo/trainer'
import type { Batcher } from '../batching/batcher.js'
import type { House } from '../batching/house.js'
import type { ServedNetwork } from '../network/served-network.js'
import type { ServeSettings } from '../options.js'
import { HttpFault, type ShownError, unusableRequest } from './faults.js'
import type { Upload } from './upload.js'
import { readUploads } from './uploads.js'

/** All that answers a request. */
export interface Parts {
  readonly network: ServedNetwork
  readonly reader: PictureReader
  readonly batcher: Batcher
  readonly house: House
  readonly settings: ServeSettings
}

/** What the network takes a picture for, as `convzoo predict --json` writes it; or why it could not be used. */
export type Answer =
  | { readonly image: string; readonly top: readonly { readonly class: string; readonly probability: number }[] }
  | { readonly image: string; readonly error: ShownError }

/**
 * What the network takes the pictures of a request for, in their order.
 *
 * @param query What stands behind the question mark of the address.
 * @throws HttpFault if none can be used.
 */
export async function predict(
  incoming: IncomingMessage,
  query: URLSearchParams,
  { network, reader, batcher, house, settings }: Parts,
): Promise<readonly Answer[]> {
  const top = topOf(query, settings.top)
  using guest = house.enter()
  const uploads = await readUploads(incoming, settings, guest)
  const answers = await Promise.all(
    uploads.map(async (upload, place): Promise<Answer | HttpFault> => {
      const image = upload.name ?? String(place)
      const reading = reader.read(upload.bytes)
      const outputs = await batcher.see(reading.then((read) => ('image' in read ? read.image : undefined)))
      const read = await reading
      if (outputs === undefined) return refusal(image, read)
      const ranked = topClasses(outputs, top)
      return {
        image,
        top: ranked.map(({ index, probability }) => ({
          class: network.classes[index] ?? String(index),
          probability,
        })),
      }
    }),
  )
  const [first] = answers
  if (first instanceof HttpFault && answers.every((each) => each instanceof HttpFault)) throw first
  return answers.map((each, place) =>
    each instanceof HttpFault ? { image: nameOf(uploads, place), error: each.shown } : each,
  )
}

const nameOf = (uploads: readonly Upload[], place: number): string => uploads[place]?.name ?? String(place)

const statuses = { format: 415, damage: 400, size: 413 } as const

function refusal(image: string, read: ReadPicture): HttpFault {
  const { refused, reason } = 'refused' in read ? read : { refused: 'damage' as const, reason: '' }
  return new HttpFault(statuses[refused], {
    kind: 'data',
    message: `The picture ${printable(image, 200)} cannot be predicted.`,
    expected: 'a JPEG, PNG, WebP, GIF, TIFF or AVIF file',
    received: printable(reason, 300),
  })
}

function topOf(query: URLSearchParams, usual: number): number {
  for (const name of query.keys()) {
    if (name !== 'top') {
      throw unusableRequest({
        message: `/predict has no parameter ${printable(name, 100)}.`,
        expected: 'top',
        received: printable(name, 100),
      })
    }
  }
  const given = query.get('top')
  if (given === null) return usual
  const top = Number(given)
  if (/^\d+$/.test(given) && Number.isSafeInteger(top) && top >= 1) return top
  throw unusableRequest({
    message: 'The parameter top has a value that cannot be used.',
    expected: 'a whole number of at least 1',
    received: describeValue(printable(given, 100)),
  })
}
