import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { pngOf } from '@convzoo/visualize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsOf } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const packageFolder = fileURLToPath(new URL('../../../packages/nin-fashion-mnist', import.meta.url))
const { name, convzoo: declared } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
const id = 'nin-fashion-mnist'
const said: { readonly accuracy: number; readonly classes: readonly string[] } = declared['weights/v1'][id]

const oneThread = ['--device', 'cpu', '--threads', '1']

/** The first 500 test images, in the order of the whole set. */
const part = 500
const fixture = (file: string): string =>
  fileURLToPath(new URL(`../../../packages/data/src/fixtures/fashion-mnist/${file}`, import.meta.url))
const contentOf = (file: string): Buffer => gunzipSync(readFileSync(fixture(file)))

const project = new Project(id)
const { convzoo } = project
const path = (place: string): string => project.path(place)
const cacheBefore = process.env.CONVZOO_CACHE

/** The package is installed, and the part of Fashion-MNIST is where the whole of it would be fetched to. */
beforeAll(() => {
  mkdirSync(path('node_modules/@convzoo'), { recursive: true })
  symlinkSync(packageFolder, path(`node_modules/${name}`), 'junction')
  writeFileSync(path('package.json'), JSON.stringify({ name: 'program', dependencies: { [name]: '*' } }))
  const files = ['train-images', 'train-labels', 't10k-images', 't10k-labels']
  const cache = path('cache/datasets/fashion-mnist')
  mkdirSync(cache, { recursive: true })
  for (const file of files) {
    const packed = fixture(`${file}-idx${file.endsWith('images') ? 3 : 1}-ubyte.gz`)
    copyFileSync(packed, join(cache, basename(packed)))
  }
  process.env.CONVZOO_CACHE = path('cache')
})
afterAll(() => {
  if (cacheBefore === undefined) delete process.env.CONVZOO_CACHE
  else process.env.CONVZOO_CACHE = cacheBefore
})

/** A picture of 28×28 pixels, as a file, and its class. */
async function firstPicture(): Promise<{ readonly file: string; readonly truth: string | undefined }> {
  const pixels = contentOf('t10k-images-idx3-ubyte.gz').subarray(16, 16 + 28 * 28)
  const dots = Array.from(pixels, (grey, at) => {
    const place = `x="${at % 28}" y="${Math.floor(at / 28)}" width="1" height="1"`
    return `<rect ${place} fill="rgb(${grey},${grey},${grey})" shape-rendering="crispEdges"/>`
  })
  const file = path('picture.png')
  const size = 'width="28" height="28"'
  writeFileSync(file, await pngOf(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${dots.join('')}</svg>`))
  return { file, truth: said.classes[contentOf('t10k-labels-idx1-ubyte.gz')[8] ?? -1] }
}

describe('the weights that we publish', () => {
  it('are listed with their network, data, accuracy and licence', () => {
    const { status, stdout } = convzoo('list')
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^weights nin-fashion-mnist {2,}nin\.cifar10, 10 classes, Fashion-MNIST, 55,000 images, accuracy 0\.\d+, Apache-2\.0 /m,
    )
  })

  it('are as accurate on a part of the test images as they say of all', () => {
    const data = ['--data', 'fashion-mnist', '--limit', String(part)]
    const { status, stdout, stderr } = convzoo('evaluate', '--weights', name, ...data, ...oneThread, '--json')
    expect(status, stderr).toBe(0)
    const { samples, top1 } = JSON.parse(stdout)
    expect(samples).toBe(part)
    // Three standard deviations of the mean of so many images, each of which is told rightly or not.
    const deviation = Math.sqrt((said.accuracy * (1 - said.accuracy)) / part)
    expect(Math.abs(top1 - said.accuracy)).toBeLessThan(3 * deviation)
  })

  it('tell what a picture shows', async () => {
    const { file, truth } = await firstPicture()
    const { status, stdout, stderr } = convzoo('predict', '--weights', name, file, ...oneThread, '--json')
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout)[0].top[0].class).toBe(truth)
  })

  it('are what a training starts from that has a new head', () => {
    const run = path('runs/tuned')
    const training = ['train', 'nin.cifar10', '--input', '16x16x1', '--data', 'fashion-mnist', '--run', run]
    const short = ['--limit', '32', '--test-limit', '8', '--freeze', '.', '--no-report', ...oneThread]
    const { status, stderr } = convzoo(...training, ...short, '--weights', name, '--head', 'new')
    expect(status, stderr).toBe(0)
    const record = metricsOf(run).find(({ type }) => type === 'starting-weights')
    expect(record).toMatchObject({ source: name })
    expect(record?.anew).toEqual(['conv2d_8/kernel', 'conv2d_8/bias'])
  })
})
