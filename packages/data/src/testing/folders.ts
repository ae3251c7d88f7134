import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

/** A folder for the tests of a file, removed after them. */
export function temporaryFolder(afterAll: (remove: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-data-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))
  return folder
}

/** Writes files by their paths below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
  }
}

/** A JPEG with a gradient, so that every crop and turn of it differs from the others. */
export async function photograph(width: number, height: number, seed = 0): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3)
  for (let at = 0, row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      pixels[at++] = (255 * column) / width
      pixels[at++] = (255 * row) / height
      pixels[at++] = (37 * seed + ((row >> 3) ^ (column >> 3)) * 8) % 256
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer()
}

/** A fixture's path. */
export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
