import type { Augmentation } from '@convzoo/core'
import type { Draws } from './draws.js'

type RandomErasing = Extract<Augmentation, { readonly type: 'randomErasing' }>

/** Part of a picture. */
export interface Rectangle {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

const tries = 10

/** The rectangle to erase, if any. Zhong et al. 2017, algorithm 1, with torchvision's defaults. */
export function erasedRectangle(
  height: number,
  width: number,
  { probability = 0.5, area: [least, most] = [0.02, 0.33], ratio: [narrow, wide] = [0.3, 3.3] }: RandomErasing,
  draws: Draws,
): Rectangle | undefined {
  if (draws.uniform() >= probability) return undefined
  for (let attempt = 0; attempt < tries; attempt++) {
    const area = height * width * draws.between(least, most)
    const ratio = Math.exp(draws.between(Math.log(narrow), Math.log(wide)))
    const tall = Math.round(Math.sqrt(area * ratio))
    const broad = Math.round(Math.sqrt(area / ratio))
    if (tall >= height || broad >= width || tall < 1 || broad < 1) continue
    return {
      height: tall,
      width: broad,
      top: draws.below(height - tall + 1),
      left: draws.below(width - broad + 1),
    }
  }
  return undefined
}

/** Sets a rectangle of an image [H, W, C] that starts at `offset` to 0, which is the mean once it is subtracted. */
export function erase(
  values: Float32Array,
  offset: number,
  [, width, channels]: readonly [number, number, number],
  rectangle: Rectangle,
): void {
  for (let row = rectangle.top; row < rectangle.top + rectangle.height; row++) {
    const start = offset + (row * width + rectangle.left) * channels
    values.fill(0, start, start + rectangle.width * channels)
  }
}
