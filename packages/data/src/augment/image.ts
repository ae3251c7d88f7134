/** A picture in memory: bytes [H, W, C], row-major, C 1 (grey) or 3 (red, green, blue). */
export interface Pixels {
  readonly data: Uint8Array
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Rounded and held in 0 … 255, as Pillow and torchvision do. */
export function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value)
}

/** Replaces every byte by what a function of it gives, computed once a value. */
export function mapBytes(image: Pixels, of: (value: number) => number): void {
  mapBytesByChannel(image, (value) => of(value))
}

/** The same with a function of its own for every channel. */
export function mapBytesByChannel(image: Pixels, of: (value: number, channel: number) => number): void {
  const { data, channels } = image
  for (let channel = 0; channel < channels; channel++) {
    const table = Uint8Array.from({ length: 256 }, (_, value) => toByte(of(value, channel)))
    for (let at = channel; at < data.length; at += channels) data[at] = table[data[at] ?? 0] ?? 0
  }
}

/** Brightness of a pixel as ITU-R 601 weighs the channels, in Pillow's whole numbers. */
export function luma(image: Pixels, at: number): number {
  const { data, channels } = image
  if (channels === 1) return data[at] ?? 0
  return ((data[at] ?? 0) * 19595 + (data[at + 1] ?? 0) * 38470 + (data[at + 2] ?? 0) * 7471 + 0x8000) >> 16
}

/** Mirrors left and right. */
export function flipHorizontally({ data, height, width, channels }: Pixels): void {
  const rowLength = width * channels
  for (let row = 0; row < height; row++) {
    const left = row * rowLength
    const right = left + rowLength - channels
    if (channels === 1) data.subarray(left, left + rowLength).reverse()
    else for (let from = left, to = right; from < to; from += 3, to -= 3) swapPixels(data, from, to)
  }
}

function swapPixels(data: Uint8Array, one: number, other: number): void {
  const first = data[one] ?? 0
  const second = data[one + 1] ?? 0
  const third = data[one + 2] ?? 0
  data[one] = data[other] ?? 0
  data[one + 1] = data[other + 1] ?? 0
  data[one + 2] = data[other + 2] ?? 0
  data[other] = first
  data[other + 1] = second
  data[other + 2] = third
}
