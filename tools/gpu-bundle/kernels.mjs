// The kernels of a CUDA library: one machine code for each kind of GPU, most of its size. Those for other GPUs than the one that a bundle is for
// are overwritten with zeros, which pack to nothing; everything stays where it was.
import { readFileSync, writeFileSync } from 'node:fs'

/** Where a container of kernels begins, and one kernel's entry in it. Source: the layout that `cuobjdump` lists, read from libraries of CUDA 13. */
const container = { magic: Buffer.from([0x50, 0xed, 0x55, 0xba]), headerAt: 6, lengthAt: 8, header: 16 }
const entry = { headerAt: 4, lengthAt: 8, computeAt: 28 }

/** The kernels of a library: for which compute capability each is, and where its machine code lies. */
function* kernelsOf(library) {
  for (let at = library.indexOf(container.magic); at >= 0; at = library.indexOf(container.magic, at + 4)) {
    const end = at + container.header + Number(library.readBigUInt64LE(at + container.lengthAt))
    if (library.readUInt16LE(at + container.headerAt) !== container.header || end > library.length) continue
    for (let each = at + container.header; each < end; ) {
      const start = each + library.readUInt32LE(each + entry.headerAt)
      const next = start + Number(library.readBigUInt64LE(each + entry.lengthAt))
      yield { compute: library.readUInt32LE(each + entry.computeAt), start, end: next }
      each = next
    }
    at = end - 4
  }
}

/**
 * Copies a library with the kernels of one kind of GPU.
 *
 * @param compute Its compute capability, `9.0`.
 * @throws Error if the library has none for it.
 */
export function keepKernels(from, to, compute) {
  const library = readFileSync(from)
  const wanted = Number(compute.replace('.', ''))
  const kernels = [...kernelsOf(library)]
  const present = [...new Set(kernels.map((each) => each.compute))].sort((a, b) => a - b)
  if (!present.includes(wanted)) {
    const choice = present.map((each) => `${Math.floor(each / 10)}.${each % 10}`).join(', ')
    throw new Error(`${from} has no kernels for compute capability ${compute}, but for ${choice || 'none'}.`)
  }
  for (const { start, end } of kernels.filter((each) => each.compute !== wanted)) library.fill(0, start, end)
  writeFileSync(to, library)
}
