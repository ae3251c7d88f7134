// A folder of photographs like ImageNet's in size, made of a few large ones: seeded crops of 300 to 800 px, JPEG quality 88 to 98,
// some progressive, grey or turned by EXIF, one class for each photograph. Good for throughput; worthless as an accuracy claim.
import { mkdir, readdir, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const sharp = createRequire(new URL('../../packages/data/package.json', import.meta.url))('sharp')

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    output: { type: 'string' },
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
})
if (values.from === undefined || values.output === undefined) {
  throw new Error('Say what to crop and where to write: --from <folder of large photographs> --output <folder>')
}

/** Mulberry32: enough for choosing crops. */
function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A wallpaper comes in many sizes, `1920x1080.png`, in one folder: the largest file stands for all of them. */
async function largePhotographs(folder) {
  const found = new Map()
  const names = await readdir(folder, { recursive: true })
  for (const name of names.filter((each) => /\.(?:jpe?g|png)$/i.test(each)).sort()) {
    const path = join(folder, name)
    const { size } = await stat(path)
    if (size < 200_000) continue
    const { width, height } = await sharp(path).metadata()
    if (width < 1600 || height < 1000) continue
    const picture = /^\d+x\d+\./.test(basename(name)) ? dirname(name) : name
    if ((found.get(picture)?.size ?? 0) < size) found.set(picture, { path, size })
  }
  return [...found.values()].map(({ path }) => path)
}

const random = randomFrom(Number(values.seed))
const between = (low, high) => low + Math.floor(random() * (high - low + 1))
const sources = await largePhotographs(values.from)
const count = Number(values.count)
const perClass = Math.ceil(count / sources.length)
let made = 0
let bytes = 0
for (const [index, source] of sources.entries()) {
  const folder = join(values.output, 'train', `photograph-${String(index).padStart(2, '0')}`)
  await mkdir(folder, { recursive: true })
  const { data, info } = await sharp(source)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  for (let each = 0; each < perClass && made < count; each++, made++) {
    const width = between(300, 800)
    const height = between(300, 800)
    const crop = { left: between(0, info.width - width), top: between(0, info.height - height), width, height }
    const kind = random()
    const image = sharp(data, { raw: info }).extract(crop)
    if (kind < 0.05) image.greyscale()
    else if (kind < 0.1) image.withMetadata({ orientation: between(2, 8) })
    const { size } = await image
      .jpeg({ quality: between(88, 98), progressive: kind >= 0.1 && kind < 0.2, mozjpeg: false })
      .toFile(join(folder, `${String(each).padStart(4, '0')}.jpg`))
    bytes += size
  }
}
console.log(`${made} files of ${sources.length} photographs, ${(bytes / made / 1000).toFixed(0)} kB each`)
