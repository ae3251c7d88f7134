// Three hundred and more odd files through the reader: images of other projects' test suites, truncated ones, and no images at all.
// Damaged ones, too, and one of thousands of scans. Every file is either in a batch or named with a reason; nothing crashes, hangs or fills the memory.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { missingDebian, unpackDebian } from '../debian-packages.mjs'

export const missing = missingDebian

const packages = [
  'golang-1.19-src',
  'golang-github-disintegration-imaging-dev',
  'golang-github-rwcarlsen-goexif-dev',
  'libjxl-testdata',
]

const extensions = new Set(['.jpg', '.jpeg', '.png', '.gif', '.tif', '.tiff', '.webp', '.bmp', '.jxl', '.svg'])

/** Numbers in [0, 1), the same each time: enough for choosing bytes. */
function randomFrom(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A few bytes changed, in the head or anywhere, or a piece left out; the end stays. */
function damaged(bytes, random) {
  const changed = Buffer.from(bytes)
  if (random() < 0.2) {
    const start = 2 + Math.floor(random() * (bytes.length - 4))
    const end = Math.min(start + Math.floor(random() * 3000), bytes.length - 2)
    return Buffer.concat([changed.subarray(0, start), changed.subarray(end)])
  }
  const reach = random() < 0.5 ? Math.min(bytes.length, 700) : bytes.length
  for (let count = 1 + Math.floor(random() * 8); count > 0; count--) {
    changed[2 + Math.floor(random() * (reach - 4))] = random() < 0.3 ? 0xff : Math.floor(random() * 256)
  }
  return changed
}

/** A progressive JPEG whose last scan comes five thousand times. */
async function scanBomb() {
  const sharp = createRequire(new URL('../../packages/data/package.json', import.meta.url))('sharp')
  const noise = { type: 'gaussian', mean: 128, sigma: 40 }
  const bytes = await sharp({ create: { width: 2000, height: 2000, channels: 3, background: '#888888', noise } })
    .jpeg({ progressive: true })
    .toBuffer()
  const start = bytes.lastIndexOf(Buffer.of(0xff, 0xda))
  const scan = bytes.subarray(start, -2)
  return Buffer.concat([
    bytes.subarray(0, start),
    ...Array.from({ length: 5000 }, () => scan.subarray(0, 2000)),
    bytes.subarray(-2),
  ])
}

export async function run() {
  const { imageDataset, imageFolder } = await import('../../packages/data/dist/index.js')
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-odd-'))
  try {
    const root = unpackDebian(packages, folder)
    const target = join(folder, 'images', 'odd')
    mkdirSync(target, { recursive: true })
    const random = randomFrom(1)
    let count = 0
    const add = (name, contents) => writeFileSync(join(target, `${String(count++).padStart(4, '0')}-${name}`), contents)
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !extensions.has(extname(entry.name).toLowerCase())) continue
      const path = join(entry.parentPath ?? entry.path, entry.name)
      copyFileSync(path, join(target, `${String(count++).padStart(4, '0')}-${entry.name}`))
      if (!/\.jpe?g$/i.test(entry.name)) continue
      const bytes = readFileSync(path)
      add(`half-${entry.name}`, bytes.subarray(0, bytes.length >> 1))
      add(
        `flipped-${entry.name}`,
        bytes.map((byte, at) => (at > 100 && at % 97 === 0 ? byte ^ 0xff : byte)),
      )
      for (let each = 0; each < 8; each++) add(`damaged-${each}-${entry.name}`, damaged(bytes, random))
    }
    add('scan-bomb.jpg', await scanBomb())
    add('empty.jpg', '')
    add('text.png', 'no image at all')
    if (count < 300) throw new Error(`only ${count} files`)
    const { train } = await imageFolder(join(folder, 'images'), { validationSplit: 0 })
    const dataset = imageDataset(train, { imageShape: [227, 227, 3], maxBad: count, workers: 2 })
    let made = 0
    for (let start = 0; start < dataset.length; start += 32) {
      const indices = Array.from({ length: Math.min(32, dataset.length - start) }, (_, index) => start + index)
      const batch = await dataset.batch(indices)
      if (!batch.images.every(Number.isFinite)) throw new Error('a pixel that is not a number')
      made += indices.length - (batch.skipped?.length ?? 0)
      dataset.recycle(batch)
    }
    await dataset.dispose()
    console.log(`${count} files: ${made} read, ${dataset.badImages.length} named with a reason`)
    const reasons = new Map()
    for (const { reason } of dataset.badImages) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    for (const [reason, number] of reasons) console.log(`  ${number} ${reason}`)
    if (made + dataset.badImages.length !== count) throw new Error('a file is neither read nor named')
    const megabytes = process.resourceUsage().maxRSS / 1000
    console.log(`  at most ${megabytes.toFixed(0)} MB of memory`)
    if (megabytes > 2000) throw new Error('the memory is not bounded')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
