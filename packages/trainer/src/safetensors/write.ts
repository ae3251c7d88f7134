import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { internalError, type NamedTensor, sizeOf } from '@convzoo/core'
import type { TensorSpec } from '../tensors.js'
import { encodeHeader, sortedByName } from './format.js'

export interface WriteOptions {
  /** Names and shapes of all tensors. */
  readonly specs: readonly TensorSpec[]
  /** Gives the tensors of these names, in this order, one at a time. */
  readonly read: (names: readonly string[]) => AsyncIterable<NamedTensor>
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Writes a safetensors file so that at every moment the old file or the new one is there in whole: written under a temporary name in
 * the same folder, synced, renamed, the folder synced.
 */
export async function writeSafetensors(path: string, { specs, read, metadata = {} }: WriteOptions): Promise<void> {
  const sorted = sortedByName(specs)
  const temporary = `${path}.${process.pid}.tmp`
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(encodeHeader(sorted, metadata))
    let next = 0
    for await (const { name, data } of read(sorted.map((spec) => spec.name))) {
      const spec = sorted[next++]
      if (spec?.name !== name || data.length !== sizeOf(spec.shape)) {
        throw internalError(`The tensor ${name} came where ${spec?.name ?? 'nothing'} was due.`)
      }
      await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    }
    if (next !== sorted.length) throw internalError(`${sorted.length - next} tensors did not come.`)
    await file.sync()
    await file.close()
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw error
  }
}

/** Makes a rename last. Not every system lets a folder be opened; there the rename has to do. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  if (folder === undefined) return
  try {
    await folder.sync()
  } catch {
    // Windows refuses to sync a folder.
  } finally {
    await folder.close()
  }
}
