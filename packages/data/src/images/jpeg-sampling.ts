/** How often colours are stored for each sample of brightness, across and down: 1 and 1 in 4:4:4, 2 and 1 in 4:2:2. */
interface Sampling {
  readonly across: number
  readonly down: number
}

/** Markers of a frame: 0xc0 to 0xcf without those of tables (0xc4, 0xcc) and the reserved one. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** At how much lower a resolution a JPEG stores its colours, by its frame's header; undefined where that is not found. */
export function samplingOf(bytes: Buffer): Sampling | undefined {
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff) return undefined
    if (marker === 0xff) at++
    else if (isFrame(marker)) return frameSampling(bytes, at)
    else at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

/** Of a frame that starts at a marker: its components' factors lie at every third byte, half a byte each way. */
function frameSampling(bytes: Buffer, at: number): Sampling | undefined {
  const components = bytes[at + 9] ?? 0
  const factors = Array.from({ length: components }, (_, index) => bytes[at + 11 + 3 * index] ?? 0)
  const [first, ...colours] = factors
  if (first === undefined || colours.length === 0 || factors.some((each) => each >> 4 === 0 || (each & 15) === 0))
    return undefined
  return {
    across: (first >> 4) / Math.min(...colours.map((each) => each >> 4)),
    down: (first & 15) / Math.min(...colours.map((each) => each & 15)),
  }
}
