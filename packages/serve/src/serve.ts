import { requireArguments } from '@convzoo/core/define'
import { pictureReader } from '@convzoo/data'
import { ownFile, pathOption, readRegularFile } from '@convzoo/files'
import { Batcher } from './batching/batcher.js'
import { House } from './batching/house.js'
import { openNetwork } from './network/open-network.js'
import type { ServedNetwork } from './network/served-network.js'
import { type ServeOptions, type ServeSettings, serveOptions } from './options.js'

/** A network that is served. */
export interface Served extends AsyncDisposable {
  /** Where: `http://127.0.0.1:8080/`. */
  readonly url: string
  /** The network's id with its tag. */
  readonly id: string
  /** In the order of the outputs. */
  readonly classes: readonly string[]
  /** Takes no more requests, answers those that have come, and gives all back. */
  close(): Promise<void>
}

/** Milliseconds that a picture waits for others that are being decoded. */
const patience = 5

/** Requests of the largest size that are held at once, and bytes, if these are more. */
const largest = 8
const leastBytes = 2 ** 28

/** A script of a page is not larger. */
const mostScript = 2 ** 20

/**
 * Serves a network over HTTP: `POST /predict` takes the bytes of a picture, or a form with several, and answers with JSON as `convzoo predict
 * --json` writes it; `GET /` is a page to drop photographs on, `GET /health` says that all is well. Only this machine is answered unless
 * another `host` is given; nobody is asked who he is.
 *
 * @param place A run, a file of weights, or an ONNX model that `convzoo export` wrote.
 * @throws ConvzooError of kind `file` if it cannot be read, of kind `option` for a bad option, or an address that cannot be taken.
 * @example
 * const served = await serve('runs/flowers', { port: 0 })
 * const response = await fetch(`${served.url}predict?top=3`, { method: 'POST', body: await readFile('holiday.jpg') })
 * console.log(await response.json())
 * await served.close()
 */
export async function serve(place: string, options: ServeOptions = {}): Promise<Served> {
  requireArguments('serve', { place: [pathOption, place] })
  const settings = serveOptions.parse('serve', options)
  const { as, classes, input, engine, onLog, onWarning, batchSize } = settings
  const network = await openNetwork(place, { as, classes, input, engine, onLog, onWarning, batchSize })
  try {
    return await served(network, settings)
  } catch (error) {
    await network.dispose()
    throw error
  }
}

async function served(network: ServedNetwork, settings: ServeSettings): Promise<Served> {
  const { batchSize, workers, maxBytes, queue, host, port, timeout, onWarning = console.warn } = settings
  const { imageShape, preprocessing } = network
  const { appOf } = await import('./http/app.js')
  const { listen } = await import('./http/listen.js')
  const script = ownFile('page-script.js', { packageName: '@convzoo/serve', from: import.meta.url })
  const pageScript = await readRegularFile(script, { mostBytes: mostScript, expected: 'the script of a page' })
  const reader = pictureReader({ imageShape, preprocessing, ...(workers === undefined ? {} : { workers }) })
  const batcher = new Batcher({ run: (images) => network.predict(images), most: batchSize, patience })
  const house = new House({ pictures: queue, bytes: Math.max(largest * maxBytes, leastBytes) })
  const app = appOf({
    network,
    reader,
    batcher,
    house,
    settings,
    pageScript: pageScript.toString('utf8'),
    onDefect: (error) => onWarning(`A request could not be answered: ${String(error)}`),
  })
  const listening = await listen(app, { host, port, timeout }).catch(async (error: unknown) => {
    await reader.dispose()
    throw error
  })
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= (async () => {
      house.close()
      await listening.close(() => house.hurry())
      await reader.dispose()
      await network.dispose()
    })()
    return closed
  }
  return { url: listening.url, id: network.id, classes: network.classes, close, [Symbol.asyncDispose]: close }
}
