import type { ConvzooError, ImageShape } from '@convzoo/core'
import { unusableOption } from '@convzoo/core/define'

const unfit = (option: string, expected: string, received: string): ConvzooError =>
  unusableOption(option, { expected, received })

/** Reads a whole number of at least `least`. */
export const wholeNumber =
  (option: string, least: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
    throw unfit(option, `a whole number of at least ${least}`, text)
  }

/** Reads a number from `least` to `most`. */
export const numberBetween =
  (option: string, least: number, most: number) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value >= least && value <= most) return value
    throw unfit(option, `a number from ${least} to ${most}`, text)
  }

/** Reads `227x227x3`: height, width, channels. */
export const imageShape =
  (option: string) =>
  (text: string): ImageShape => {
    const [, height, width, channels] = /^(\d+)x(\d+)x(\d+)$/.exec(text) ?? []
    const shape: ImageShape = [Number(height), Number(width), Number(channels)]
    if (channels !== undefined && shape.every((length) => length > 0)) return shape
    throw unfit(option, 'height, width and channels such as 227x227x3', text)
  }

/** Reads one of some names. */
export const oneOf =
  <const Name extends string>(option: string, names: readonly Name[]) =>
  (text: string): Name => {
    const found = names.find((name) => name === text)
    if (found !== undefined) return found
    throw unfit(option, `one of ${names.join(', ')}`, text)
  }

/** Reads `0-9`, `3,5,8` or both mixed: places, in the order in which they stand. */
export const indexList =
  (option: string) =>
  (text: string): readonly number[] =>
    text.split(',').flatMap((part) => {
      const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? []
      const [start, end] = [Number(first), Number(last)]
      if (first === undefined || end < start || end - start >= mostIndices) {
        throw unfit(option, `places such as 0-9 or 3,5,8, at most ${mostIndices} in a range`, text)
      }
      return Array.from({ length: end - start + 1 }, (_, place) => start + place)
    })

const mostIndices = 100_000
