/** Just below the largest block from whose size glibc learns: 32 MiB. */
const block = 31_000_000

/**
 * Has glibc keep freed memory for the next picture. Decoding takes and gives back a few megabytes a picture; by default each of them
 * goes back to the system and is fetched anew, page by page, which costs a fifth of the whole. glibc keeps more once a large block was
 * freed (mallopt(3), M_MMAP_THRESHOLD): one that is sent to a closed port is freed at once. Elsewhere this does nothing.
 */
export function keepFreedMemory(): void {
  const { port1, port2 } = new MessageChannel()
  port2.close()
  port1.postMessage(undefined, [new ArrayBuffer(block)])
  port1.close()
}
