// LayersModels in a real Chromium: a page with TensorFlow.js and the layers of @convzoo/engine-tfjs/layers, as its reader would bundle it, opens
// each by `tf.loadLayersModel` and runs it on the images beside it.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join, normalize } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumOptions } from './chromium.mjs'

const root = join(import.meta.dirname, '..')
const { build } = createRequire(join(root, 'packages/plugins/package.json'))('esbuild')

const page = `
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-webgpu'
import { setBackend, tensor } from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import '@convzoo/engine-tfjs/layers'

const fetched = async (path) => (await fetch(path)).arrayBuffer()

globalThis.predicted = async (backend, folder, images) => {
  if (!(await setBackend(backend))) throw new Error(backend + ' cannot be used')
  const model = await loadLayersModel(folder + '/model.json')
  const [{ shape: [, ...shape], dtype }] = model.inputs
  const bytes = await fetched(images)
  const values = dtype === 'int32' ? Int32Array.from(new Uint8Array(bytes)) : new Float32Array(bytes)
  const given = model.predict(tensor(values, [values.length / shape.reduce((a, b) => a * b), ...shape], dtype))
  const result = Array.from(await given.data())
  model.dispose()
  return result
}
document.body.dataset.state = 'ready'
`

async function bundled() {
  const { outputFiles } = await build({
    // Where TensorFlow.js and the layers can be found.
    stdin: { contents: page, resolveDir: join(root, 'packages/engine-tfjs') },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'error',
  })
  return outputFiles[0].contents
}

/** The page, its script, and the files of a folder, on any port. */
async function served(folder, script) {
  const server = createServer(({ url = '/' }, response) => {
    const path = join(folder, normalize(decodeURIComponent(url)))
    if (url === '/') {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><body><script type="module" src="/page.js"></script>')
    } else if (url === '/page.js') {
      response.setHeader('content-type', 'text/javascript')
      response.end(script)
    } else if (path.startsWith(folder) && existsSync(path) && statSync(path).isFile())
      createReadStream(path).pipe(response)
    else {
      response.statusCode = 404
      response.end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/**
 * How far what Chromium makes of images is from what is wanted of them, by the names of models.
 *
 * @param folder Holds models, as folders, and files of images and of what is wanted, float32.
 * @param models Of each its name, and the names of both files.
 */
export async function differencesInChromium(folder, models, backends = ['cpu', 'webgpu']) {
  const server = await served(folder, await bundled())
  const options = chromiumOptions()
  const browser = await chromium.launch({
    ...options,
    args: [...options.args, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    timeout: 600_000,
  })
  try {
    console.log(`Chromium ${browser.version()}`)
    const view = await browser.newPage()
    view.on('pageerror', (error) => console.error(error))
    await view.goto(`http://127.0.0.1:${server.address().port}/`)
    await view.waitForFunction(() => document.body.dataset.state === 'ready', undefined, { timeout: 600_000 })
    const differences = []
    for (const { name, images, wanted } of models) {
      const bytes = readFileSync(join(folder, wanted))
      const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
      for (const backend of backends) {
        const given = await view.evaluate((each) => globalThis.predicted(...each), [backend, `/${name}`, `/${images}`])
        if (given.length !== values.length) throw new Error(`${name} gives ${given.length} numbers.`)
        const difference = Math.max(...given.map((value, place) => Math.abs(value - values[place])))
        differences.push({ name, backend, difference })
      }
    }
    return differences
  } finally {
    await browser.close()
    server.close()
  }
}
