/**
 * Bilinear interpolation of a grey image [H, W] with half-pixel centres, as convzoo's data sets enlarge images: first along rows, then along
 * columns.
 */
export function enlarger(from: number, to: number): (pixels: Uint8Array) => Float64Array {
  const places = Array.from({ length: to }, (_, position) => {
    const place = Math.min(Math.max(((position + 0.5) * from) / to - 0.5, 0), from - 1)
    const first = Math.floor(place)
    return { first, second: Math.min(first + 1, from - 1), share: place - first }
  })
  const between = (a: number, b: number, share: number): number => a + (b - a) * share
  return (pixels) => {
    const rows = new Float64Array(from * to)
    for (let row = 0; row < from; row++) {
      for (const [column, { first, second, share }] of places.entries()) {
        rows[row * to + column] = between(pixels[row * from + first] ?? 0, pixels[row * from + second] ?? 0, share)
      }
    }
    const image = new Float64Array(to * to)
    for (const [row, { first, second, share }] of places.entries()) {
      for (let column = 0; column < to; column++) {
        image[row * to + column] = between(rows[first * to + column] ?? 0, rows[second * to + column] ?? 0, share)
      }
    }
    return image
  }
}
