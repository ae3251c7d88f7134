import { rotation, shearX, shearY, transform, translate } from './affine.js'
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  adjustSharpness,
  autoContrast,
  equalize,
  posterize,
  solarize,
} from './colour.js'
import type { Draws } from './draws.js'
import type { Pixels } from './image.js'

/** Applies one operation of a strength from 0 to 1; `sign` is 1 or −1. */
type Operation = (image: Pixels, strength: number, sign: 1 | -1) => void

/** The strength of an enhancement moves its factor by up to 0.9 from 1. */
const factor = (strength: number, sign: number): number => 1 + 0.9 * sign * strength

/** The fourteen operations and their ranges, as torchvision's `RandAugment` has them. */
const operations: readonly Operation[] = [
  () => undefined,
  (image, strength, sign) => transform(image, shearX(0.3 * sign * strength)),
  (image, strength, sign) => transform(image, shearY(0.3 * sign * strength)),
  (image, strength, sign) => transform(image, translate(Math.trunc((150 / 331) * image.width * sign * strength), 0)),
  (image, strength, sign) => transform(image, translate(0, Math.trunc((150 / 331) * image.height * sign * strength))),
  (image, strength, sign) => transform(image, rotation(30 * sign * strength)),
  (image, strength, sign) => adjustBrightness(image, factor(strength, sign)),
  (image, strength, sign) => adjustSaturation(image, factor(strength, sign)),
  (image, strength, sign) => adjustContrast(image, factor(strength, sign)),
  (image, strength, sign) => adjustSharpness(image, factor(strength, sign)),
  (image, strength) => posterize(image, 8 - Math.round(4 * strength)),
  (image, strength) => solarize(image, 255 * (1 - strength)),
  (image) => autoContrast(image),
  (image) => equalize(image),
]

/** The largest magnitude. */
export const largestMagnitude = 30

/** Cubuk et al. 2019: `count` operations chosen with replacement, all of the same magnitude of 30. */
export function randAugment(image: Pixels, count: number, magnitude: number, draws: Draws): void {
  for (let each = 0; each < count; each++) {
    const operation = operations[draws.below(operations.length)]
    operation?.(image, magnitude / largestMagnitude, draws.uniform() < 0.5 ? 1 : -1)
  }
}
