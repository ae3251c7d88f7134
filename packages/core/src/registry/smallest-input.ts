import type { ImageShape } from '../contracts/index.js'
import { ConvzooError } from '../errors/index.js'

/** Sides beyond this are not tried. */
const largest = 4096

/**
 * The smallest image of the proportions of `shape`, larger than it, that a network can be built on: found by building, first with sides
 * twice as long until one fits, then by halving what is left. `undefined` if size is not what is wrong.
 */
export function smallestInput(build: (shape: ImageShape) => unknown, shape: ImageShape): ImageShape | undefined {
  const [height, width, channels] = shape
  const side = Math.min(height, width)
  const scaled = (shorter: number): ImageShape => [
    Math.ceil((height * shorter) / side),
    Math.ceil((width * shorter) / side),
    channels,
  ]
  let tooSmall = side
  let fits = side * 2
  while (!canBuild(build, scaled(fits))) {
    tooSmall = fits
    fits *= 2
    if (fits > largest) return undefined
  }
  while (fits - tooSmall > 1) {
    const middle = Math.floor((tooSmall + fits) / 2)
    if (canBuild(build, scaled(middle))) fits = middle
    else tooSmall = middle
  }
  return scaled(fits)
}

function canBuild(build: (shape: ImageShape) => unknown, shape: ImageShape): boolean {
  try {
    build(shape)
    return true
  } catch (error) {
    if (ConvzooError.isInstance(error) && error.kind === 'shape') return false
    throw error
  }
}
