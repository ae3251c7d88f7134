// Three hundred and more odd files through the reader: images of other projects' test suites, truncated ones, and no images at all.
// Every file is either in a batch or named with a reason; nothing crashes, hangs or fills the memory.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

export async function run() {
  const { imageDataset, imageFolder } = await import('../../packages/data/dist/index.js')
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-odd-'))
  try {
    const root = unpackDebian(packages, folder)
    const target = join(folder, 'images', 'odd')
    mkdirSync(target, { recursive: true })
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
    }
    add('empty.jpg', '')
    add('text.png', 'no image at all')
    if (count < 300) throw new Error(`only ${count} files`)
    const { train } = imageFolder(join(folder, 'images'), { validationPart: 0 })
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
