import { createHash, type Hash } from 'node:crypto'

/**
 * The start of a dataset's fingerprint: a hash over the names of its classes, in no order of theirs, to which each sample is added with
 * {@link addSample}.
 */
export function startFingerprint(classes: readonly string[]): Hash {
  return createHash('sha256').update(`${JSON.stringify([...classes].sort())}\n`)
}

/** Adds a sample: what it is called, how many bytes it has, and its class by name. In memory its bytes stand for its name. */
export function addSample(hash: Hash, name: string | Uint8Array, bytes: number, className: string): void {
  if (typeof name === 'string') hash.update(`${JSON.stringify([name.normalize('NFC'), bytes, className])}\n`)
  else hash.update(name).update(`${JSON.stringify([bytes, className])}\n`)
}
