import type { Pixels } from './image.js'

/** Where an output pixel comes from: x = a·x′ + b·y′ + c, y = d·x′ + e·y′ + f, places measured from the picture's centre. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** Mid-grey stands where the source lies outside. */
const outside = 128

/** Moves a picture by the nearest source pixel. */
export function transform(image: Pixels, [a, b, c, d, e, f]: Affine): void {
  const { data, height, width, channels } = image
  // Not slice(), which of a Buffer is the same memory.
  const source = new Uint8Array(data)
  const centreX = width / 2
  const centreY = height / 2
  let at = 0
  for (let row = 0; row < height; row++) {
    const y = row + 0.5 - centreY
    for (let column = 0; column < width; column++) {
      const x = column + 0.5 - centreX
      const fromColumn = Math.floor(a * x + b * y + c + centreX)
      const fromRow = Math.floor(d * x + e * y + f + centreY)
      const inside = fromColumn >= 0 && fromColumn < width && fromRow >= 0 && fromRow < height
      const from = (fromRow * width + fromColumn) * channels
      for (let channel = 0; channel < channels; channel++, at++) {
        data[at] = inside ? (source[from + channel] ?? outside) : outside
      }
    }
  }
}

export const shearX = (part: number): Affine => [1, part, 0, 0, 1, 0]
export const shearY = (part: number): Affine => [1, 0, 0, part, 1, 0]
export const translate = (x: number, y: number): Affine => [1, 0, x, 0, 1, y]

/** Anticlockwise, in degrees. */
export function rotation(degrees: number): Affine {
  const angle = (degrees * Math.PI) / 180
  return [Math.cos(angle), -Math.sin(angle), 0, Math.sin(angle), Math.cos(angle), 0]
}
