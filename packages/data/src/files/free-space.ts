import { statfs } from 'node:fs/promises'

/** The rest is left to others, so that nothing else stops for want of room. */
const usablePart = 0.9

/** Bytes that may still be written to a folder's disk; boundless where the system does not say how many are free. */
export async function usableSpace(folder: string): Promise<number> {
  const status = await statfs(folder).catch(() => undefined)
  return status === undefined ? Number.POSITIVE_INFINITY : Math.floor(status.bavail * status.bsize * usablePart)
}
