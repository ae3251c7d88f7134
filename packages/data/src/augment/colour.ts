import { luma, mapBytes, mapBytesByChannel, type Pixels, toByte } from './image.js'

/** Scales towards black: factor 0 is black, 1 the picture. The same as Pillow's `ImageEnhance.Brightness`. */
export function adjustBrightness(image: Pixels, factor: number): void {
  mapBytes(image, (value) => truncated(value * factor))
}

/** Scales towards the mean brightness: factor 0 is grey, 1 the picture. The same as Pillow's `ImageEnhance.Contrast`. */
export function adjustContrast(image: Pixels, factor: number): void {
  let sum = 0
  for (let at = 0; at < image.data.length; at += image.channels) sum += luma(image, at)
  const mean = Math.floor(sum / (image.width * image.height) + 0.5)
  mapBytes(image, (value) => truncated(mean + factor * (value - mean)))
}

/** Scales towards the grey picture: factor 0 is grey, 1 the picture. The same as Pillow's `ImageEnhance.Color`. */
export function adjustSaturation(image: Pixels, factor: number): void {
  const { data, channels } = image
  if (channels === 1) return
  for (let at = 0; at < data.length; at += channels) {
    const grey = luma(image, at)
    for (let channel = at; channel < at + channels; channel++) {
      data[channel] = truncated(grey + factor * ((data[channel] ?? 0) - grey))
    }
  }
}

/**
 * Scales towards the smoothed picture: factor 0 is smooth, 1 the picture. Smoothing is 3×3 with weights 1 and 5 in the centre, of 13;
 * the border stays. The same as Pillow's `ImageEnhance.Sharpness`.
 */
export function adjustSharpness(image: Pixels, factor: number): void {
  const { data, height, width, channels } = image
  // Not slice(), which of a Buffer is the same memory.
  const source = new Uint8Array(data)
  const rowLength = width * channels
  for (let row = 1; row < height - 1; row++) {
    for (let at = row * rowLength + channels; at < (row + 1) * rowLength - channels; at++) {
      let sum = 4 * (source[at] ?? 0)
      for (let above = -rowLength; above <= rowLength; above += rowLength) {
        for (let beside = -channels; beside <= channels; beside += channels) sum += source[at + above + beside] ?? 0
      }
      const smooth = toByte(sum / 13)
      data[at] = truncated(smooth + factor * ((source[at] ?? 0) - smooth))
    }
  }
}

/** Inverts what is at least `threshold`. */
export function solarize(image: Pixels, threshold: number): void {
  mapBytes(image, (value) => (value < threshold ? value : 255 - value))
}

/** Keeps the upper `bits` of every byte. */
export function posterize(image: Pixels, bits: number): void {
  const mask = 0xff & (0xff << (8 - bits))
  mapBytes(image, (value) => value & mask)
}

/** Stretches each channel over 0 … 255. */
export function autoContrast(image: Pixels): void {
  const lows = new Array<number>(image.channels).fill(255)
  const highs = new Array<number>(image.channels).fill(0)
  image.data.forEach((value, at) => {
    const channel = at % image.channels
    lows[channel] = Math.min(lows[channel] ?? 255, value)
    highs[channel] = Math.max(highs[channel] ?? 0, value)
  })
  mapBytesByChannel(image, (value, channel) => {
    const low = lows[channel] ?? 0
    const high = highs[channel] ?? 255
    if (high <= low) return value
    const scale = 255 / (high - low)
    return truncated(value * scale - low * scale)
  })
}

/** Spreads each channel's values so that all are about equally frequent. The same as Pillow's `ImageOps.equalize`. */
export function equalize(image: Pixels): void {
  const { data, channels } = image
  const counts = Array.from({ length: channels }, () => new Uint32Array(256))
  data.forEach((value, at) => {
    const histogram = counts[at % channels]
    if (histogram !== undefined) histogram[value] = (histogram[value] ?? 0) + 1
  })
  const tables = counts.map((histogram) => {
    const filled = Array.from(histogram).filter((count) => count > 0)
    const step = Math.floor((filled.reduce((sum, count) => sum + count, 0) - (filled.at(-1) ?? 0)) / 255)
    let reached = Math.floor(step / 2)
    return Array.from({ length: 256 }, (_, value) => {
      if (filled.length <= 1 || step === 0) return value
      const out = Math.floor(reached / step)
      reached += histogram[value] ?? 0
      return out
    })
  })
  mapBytesByChannel(image, (value, channel) => tables[channel]?.[value] ?? value)
}

/** Without rounding, held in 0 … 255: what Pillow's blending does. */
function truncated(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value)
}
