// An archive of a bundle: files in a staging folder, packed by tar and xz, in pieces. Packing takes minutes, so pieces are kept, and made
// anew only where a file has changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** Bytes: what a place that takes a file of 64 MB at most lets through. */
export const largestPiece = 60 * 2 ** 20

export async function checksum(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** What tells one content of an archive from another, without reading it. */
function fingerprint({ files, links = new Map() }) {
  const hash = createHash('sha256')
  for (const { from, to } of files) {
    const { size, mtimeMs } = statSync(from)
    hash.update(`${to}\0${size}\0${mtimeMs}\n`)
  }
  for (const [to, target] of links) hash.update(`${to}\0${target}\n`)
  return hash.digest('hex').slice(0, 16)
}

/** A second name for a file where that can be, a copy where it stands on another file system. */
function take(from, to) {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

function stage(folder, { files, links = new Map() }) {
  for (const { from, to } of files) {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    take(from, join(folder, to))
  }
  for (const [to, target] of links) {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    symlinkSync(target, join(folder, to))
  }
}

/**
 * Packs an archive, unless the cache has it.
 *
 * @param content `files`, each with where it is and where it will be, and `links` with what they lead to.
 * @returns The paths of its pieces, in their order: `<name>.tar.xz.00`, …
 */
export function pack(name, content, cache) {
  const folder = join(cache, `${name}-${fingerprint(content)}`)
  const pieces = () =>
    readdirSync(folder)
      .sort()
      .map((piece) => join(folder, piece))
  if (existsSync(folder)) return pieces()
  const work = `${folder}.making`
  for (const old of existsSync(cache) ? readdirSync(cache) : []) {
    if (old.startsWith(`${name}-`)) rmSync(join(cache, old), { recursive: true, force: true })
  }
  const [staged, made] = [join(work, 'staged'), join(work, 'made')]
  for (const each of [staged, made]) mkdirSync(each, { recursive: true })
  console.log(`packing ${name}: ${content.files.length} files`)
  stage(staged, content)
  const tar = 'tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - -C "$1" .'
  // Packed once, sent often.
  const script = `set -o pipefail; ${tar} | xz -T0 -6 | split -b ${largestPiece} -d -a 2 - "$2"`
  const { status, stderr } = spawnSync('bash', ['-c', script, 'pack', staged, join(made, `${name}.tar.xz.`)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${name} cannot be packed: ${stderr}`)
  renameSync(made, folder)
  rmSync(work, { recursive: true, force: true })
  return pieces()
}
