/** For each output position of one axis: two input positions and the weight of the second. */
export interface AxisTable {
  readonly first: Uint32Array
  readonly second: Uint32Array
  readonly weight: Float64Array
}

/**
 * Bilinear interpolation along one axis with half-pixel centres: output o lies at (o + ½)·input/output − ½ of the input, clamped to
 * its first and last sample. No smoothing when shrinking. The same as PyTorch's `interpolate(mode='bilinear', align_corners=False)`
 * and OpenCV's `INTER_LINEAR`.
 */
export function axisTable(input: number, output: number): AxisTable {
  const table = { first: new Uint32Array(output), second: new Uint32Array(output), weight: new Float64Array(output) }
  for (let position = 0; position < output; position++) {
    const place = Math.min(Math.max(((position + 0.5) * input) / output - 0.5, 0), input - 1)
    const first = Math.floor(place)
    table.first[position] = first
    table.second[position] = Math.min(first + 1, input - 1)
    table.weight[position] = place - first
  }
  return table
}

/**
 * Interpolates rows: `image` [H, W, C] → `out` [H, W′, C], W′ by the table.
 */
export function resizeRows(
  image: ArrayLike<number>,
  height: number,
  channels: number,
  width: number,
  table: AxisTable,
  out: Float64Array,
): void {
  const { first, second, weight } = table
  let at = 0
  for (let row = 0; row < height; row++) {
    const start = row * width
    for (let column = 0; column < first.length; column++) {
      const left = (start + (first[column] ?? 0)) * channels
      const right = (start + (second[column] ?? 0)) * channels
      const share = weight[column] ?? 0
      for (let channel = 0; channel < channels; channel++, at++) {
        const a = image[left + channel] ?? 0
        out[at] = a + ((image[right + channel] ?? 0) - a) * share
      }
    }
  }
}
