import { messageOf, printable } from '@convzoo/core/define'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { HttpFault, unusableRequest } from './faults.js'
import type { Upload } from './upload.js'

/** Milliseconds after which parts that are all there are given up. */
const patience = 10_000

/** Bounds on what stands around the pictures. */
const limits = { headerPairs: 32, headerSize: 16 * 1024, fieldNameSize: 256, fieldSize: 1024 }

/**
 * The files of a form that was sent as parts.
 *
 * @throws HttpFault 400 if the parts cannot be told apart or hold something else, 413 if there are too many.
 */
export function partsOf(body: Buffer, contentType: string, most: number): Promise<readonly Upload[]> {
  return new Promise((resolve, reject) => {
    const uploads: { name: string | undefined; chunks: Buffer[] }[] = []
    const refuse = (fault: HttpFault): void => {
      clearTimeout(timer)
      reject(fault)
    }
    const timer = setTimeout(() => refuse(malformed('parts without an end')), patience)
    const parser = made(contentType, most)
    if (parser instanceof HttpFault) {
      refuse(parser)
      return
    }
    parser.on('file', (_field: string, stream: BusboyFileStream, name: string | undefined) => {
      const upload = { name: name === '' ? undefined : name, chunks: [] as Buffer[] }
      uploads.push(upload)
      stream.on('data', (chunk: Buffer) => upload.chunks.push(chunk))
      stream.on('error', (error) => refuse(malformed(messageOf(error))))
    })
    parser.on('field', (name) => refuse(otherField(name)))
    parser.on('filesLimit', () => refuse(tooMany(most)))
    parser.on('partsLimit', () => refuse(tooMany(most)))
    parser.on('error', (error) => refuse(malformed(messageOf(error))))
    parser.on('finish', () => {
      clearTimeout(timer)
      if (uploads.length === 0) reject(malformed('no file'))
      else resolve(uploads.map(({ name, chunks }) => ({ name, bytes: Buffer.concat(chunks) })))
    })
    parser.end(body)
  })
}

function made(contentType: string, most: number): BusboyInstance | HttpFault {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: (_, type, name) => name !== undefined || (type !== undefined && type !== 'text/plain'),
      limits: { ...limits, files: most, parts: most + 1, fields: 1 },
    })
  } catch (error) {
    return malformed(messageOf(error))
  }
}

const malformed = (received: string): HttpFault =>
  unusableRequest({
    message: 'The parts of the request cannot be read.',
    expected: 'multipart/form-data with a picture as a file in each part',
    received: printable(received, 300),
    hint: 'curl --form file=@holiday.jpg <address>',
  })

const otherField = (name: string | undefined): HttpFault =>
  unusableRequest({
    message: `The form has a field ${printable(name ?? '', 100)}, which is no picture.`,
    expected: 'files alone',
    hint: 'what is wanted of the answer goes into the address: /predict?top=3',
  })

const tooMany = (most: number): HttpFault =>
  new HttpFault(413, {
    kind: 'data',
    message: 'The request holds too many files.',
    expected: `at most ${most}`,
    received: 'more',
    hint: 'send them in several requests',
  })
