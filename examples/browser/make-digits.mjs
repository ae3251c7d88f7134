// Writes digits of MNIST where the page finds them, as bytes of 28 × 28 pixels: `node make-digits.mjs <to train on> <to test on>`.
import { mkdir, writeFile } from 'node:fs/promises'
import { mnist } from '@convzoo/data'

const [train = 1000, test = 200] = process.argv.slice(2).map(Number)
const inBytes = { resize: 'bilinear', mean: [0], standardDeviation: [1 / 255] }

async function part(split, limit) {
  const options = { split, limit }
  const dataset = await mnist({ ...options, preprocessing: inBytes })
  const { images } = await dataset.batch(Array.from({ length: dataset.length }, (_, index) => index))
  return {
    pixels: Uint8Array.from(images, Math.round),
    facts: { labels: Array.from(dataset.labels), fingerprint: await dataset.fingerprint() },
    dataset,
  }
}

const parts = { train: await part('train', train), test: await part('test', test) }
const { name, classes, imageShape } = parts.train.dataset
await mkdir('digits', { recursive: true })
await writeFile('digits/digits.bin', Buffer.concat([parts.train.pixels, parts.test.pixels]))
await writeFile(
  'digits/digits.json',
  JSON.stringify({ name, classes, shape: imageShape, train: parts.train.facts, test: parts.test.facts }),
)
console.log(`digits: ${train} to train on, ${test} to test on`)
