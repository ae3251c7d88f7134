// Small pictures, each unlike the others, and archives of them.
import { createWriteStream, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'

const dataPackage = createRequire(new URL('../../packages/data/package.json', import.meta.url))
export const sharp = dataPackage('sharp')
const tar = dataPackage('tar-stream')

/** Raw pixels of a gradient with stripes: [height, width, 3]. */
export function pixelsOf(seed, width = 24, height = 20) {
  const pixels = Buffer.alloc(width * height * 3)
  for (let at = 0, row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      pixels[at++] = (255 * column) / width
      pixels[at++] = (255 * row) / height
      pixels[at++] = (53 * seed + (row >> 2) * 11 + (column >> 2) * 7) % 256
    }
  }
  return pixels
}

const made = new Map()

/** A picture as a file of a format. */
export async function picture(seed = 0, format = 'jpeg', width = 24, height = 20) {
  const key = `${seed} ${format} ${width} ${height}`
  const known = made.get(key)
  if (known !== undefined) return known
  const options = { jpeg: { quality: 95 }, webp: { lossless: true }, tiff: { compression: 'lzw' } }[format] ?? {}
  const bytes = await sharp(pixelsOf(seed, width, height), { raw: { width, height, channels: 3 } })
    .toFormat(format, options)
    .toBuffer()
  made.set(key, bytes)
  return bytes
}

/** Files by path: a picture of its own for each path that ends like one, a text for the others. */
export async function filesOf(paths) {
  const files = {}
  let seed = 0
  for (const path of paths) {
    const extension = /\.(jpe?g|png|webp|gif|tiff?)$/i.exec(path)?.[1]?.toLowerCase()
    const format = { jpg: 'jpeg', jpeg: 'jpeg', tif: 'tiff' }[extension] ?? extension
    files[path] = format === undefined ? 'a text\n' : await picture(seed++, format)
  }
  return files
}

/** Writes a tar archive: members by name, in their order; a member may be a header of its own with contents. */
export async function writeTar(path, members) {
  const pack = tar.pack()
  const written = new Promise((resolve, reject) => {
    pack.pipe(createWriteStream(path)).on('finish', resolve).on('error', reject)
  })
  for (const [name, contents] of Array.isArray(members) ? members : Object.entries(members)) {
    if (contents instanceof Uint8Array || typeof contents === 'string') pack.entry({ name }, contents)
    else pack.entry({ name, ...contents })
  }
  pack.finalize()
  await written
}

export async function writeTarGz(path, members) {
  const plain = `${path}.plain`
  await writeTar(plain, members)
  writeFileSync(path, gzipSync(readFileSync(plain)))
  rmSync(plain)
}
