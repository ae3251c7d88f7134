import { beforeAll, describe, expect, it } from 'vitest'
import { type Planted, patch, planted, side, trainedOnStripes, trainingSamples } from '../testing/stripes.js'
import { gradCam, integratedGradients, type Network, occlusion, resized } from './index.js'

const looked = Array.from({ length: 8 }, (_, index) => planted(trainingSamples + index))
const images = Float32Array.from(looked.flatMap(({ pixels }) => [...pixels]))

let network: Network
beforeAll(async () => {
  network = (await trainedOnStripes()).network
}, 60_000)

/** What is above a part of the largest value, beside where the patch is: what both have, of what either has. */
function overlap(map: ArrayLike<number>, { top, left }: Planted, part: number): number {
  const largest = Array.from(map).reduce((most, value) => Math.max(most, value), 0)
  let [both, either] = [0, 0]
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const found = (map[y * side + x] ?? 0) > part * largest
      const there = y >= top && y < top + patch && x >= left && x < left + patch
      if (found && there) both++
      if (found || there) either++
    }
  }
  return both / either
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The mean of each pixel's surroundings. */
function smoothed(values: Float32Array, reach: number): Float32Array {
  return values.map((_, at) => {
    const [row, column] = [Math.floor(at / side), at % side]
    let [sum, count] = [0, 0]
    for (let y = Math.max(0, row - reach); y <= Math.min(side - 1, row + reach); y++) {
      for (let x = Math.max(0, column - reach); x <= Math.min(side - 1, column + reach); x++) {
        sum += values[y * side + x] ?? 0
        count++
      }
    }
    return sum / count
  })
}

const each = (values: Float32Array, index: number): Float32Array =>
  values.subarray(index * side * side, (index + 1) * side * side)

describe('a patch that alone tells the classes apart is found', () => {
  const classes = looked.map(({ label }) => label)

  it('by Grad-CAM', async () => {
    const { values } = resized(await gradCam(network, { images, classes }), [side, side])
    expect(mean(looked.map((sample, index) => overlap(each(values, index), sample, 0.3)))).toBeGreaterThan(0.6)
  })

  it('by integrated gradients', async () => {
    const { values } = await integratedGradients(network, { images, classes })
    const maps = looked.map((_, index) => smoothed(each(values, index).map(Math.abs), 1))
    expect(mean(looked.map((sample, index) => overlap(maps[index] ?? [], sample, 0.25)))).toBeGreaterThan(0.6)
  })

  it('by a square that covers it', async () => {
    const found = await occlusion(network, { images, classes, square: 5, stride: 1 })
    const { height, width, values } = found.features
    const cells = height * width
    const overlaps = looked.map((sample, index) => {
      const own = values.subarray(index * cells, (index + 1) * cells)
      const most = own.reduce((largest, value) => Math.max(largest, value), 0)
      // What is lost where a pixel is in the middle of the square.
      const lost = Float32Array.from({ length: side * side }, (_, at) => {
        const [y, x] = [Math.floor(at / side) - 2, (at % side) - 2]
        return y < 0 || x < 0 || y >= height || x >= width ? 0 : most - (own[y * width + x] ?? 0)
      })
      return overlap(lost, sample, 0.5)
    })
    expect(mean(overlaps)).toBeGreaterThan(0.6)
  })
})
