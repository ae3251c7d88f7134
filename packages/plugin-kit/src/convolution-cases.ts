import type { Border, Pair, Shape } from '@convzoo/core'
import type { ConvolutionAttributes } from '@convzoo/core/engine'

export const nowhere: Border = { top: 0, bottom: 0, left: 0, right: 0 }
const around: Border = { top: 1, bottom: 1, left: 1, right: 1 }
/** 3×3 with stride 2 as `same` pads an even length: after the image alone. */
const after: Border = { top: 0, bottom: 1, left: 0, right: 1 }
export const image: Shape = [2, 7, 6, 4]

/** A convolution of an image with a kernel, and what it is about. */
export interface ConvolutionCase extends ConvolutionAttributes {
  readonly title: string
  readonly x: Shape
  readonly k: Shape
}

export const plainConvolution = {
  title: 'valid',
  x: image,
  k: [3, 3, 4, 5],
  strides: [1, 1],
  padding: nowhere,
  dilations: [1, 1],
  groups: 1,
} as const satisfies ConvolutionCase

/** Groups that do not see each other, stride 1 and no padding unless it says otherwise. */
function grouped(
  title: string,
  groups: number,
  x: Shape,
  k: Shape,
  { strides = [1, 1], padding = nowhere, dilations = [1, 1] }: Partial<ConvolutionAttributes> = {},
): ConvolutionCase {
  return { title, x, k, strides, padding, dilations, groups }
}

const twice: Pair = [2, 2]

const groupedConvolutions: readonly ConvolutionCase[] = [
  grouped('two groups', 2, image, [3, 3, 2, 6], { padding: around }),
  grouped('two groups with strides', 2, image, [3, 3, 2, 6], { strides: twice }),
  grouped('three groups, 5×3, padded unevenly', 3, [2, 8, 7, 6], [5, 3, 2, 9], {
    padding: { top: 1, bottom: 3, left: 0, right: 2 },
  }),
  grouped('four groups of more channels than filters, strides and padding', 4, [2, 8, 9, 16], [3, 3, 4, 8], {
    strides: twice,
    padding: after,
  }),
  grouped('two groups, dilated', 2, [1, 9, 8, 4], [3, 2, 2, 4], {
    dilations: [2, 3],
    padding: { top: 2, bottom: 2, left: 1, right: 2 },
  }),
  grouped('two groups, 1×1', 2, image, [1, 1, 2, 4]),
  grouped('two groups, stride 3 leaving cells', 2, [2, 9, 12, 4], [2, 2, 2, 4], { strides: [3, 3] }),
  grouped('two groups, padded by more than they reach', 2, image, [2, 2, 2, 4], {
    padding: { top: 2, bottom: 0, left: 0, right: 3 },
  }),
  ...[1, 2, 3].flatMap((multiplier): ConvolutionCase[] => {
    const filters = 4 * multiplier
    const title = `depthwise, ${multiplier} filter${multiplier === 1 ? '' : 's'} a channel`
    return [
      grouped(`${title}, valid`, 4, image, [3, 3, 1, filters]),
      grouped(`${title}, same`, 4, image, [3, 3, 1, filters], { padding: around }),
      grouped(`${title}, stride 2, same`, 4, [2, 8, 6, 4], [3, 3, 1, filters], { strides: twice, padding: after }),
      grouped(`${title}, stride 2, valid, leaving cells`, 4, [2, 8, 7, 4], [3, 2, 1, filters], { strides: twice }),
      grouped(`${title}, strides 3 and 1, 5×2, dilated`, 4, [1, 12, 9, 4], [5, 2, 1, filters], {
        strides: [3, 1],
        dilations: [1, 3],
        padding: { top: 3, bottom: 2, left: 0, right: 1 },
      }),
      grouped(`${title}, stride 5 over 2×2`, 4, [2, 9, 14, 4], [2, 2, 1, filters], { strides: [5, 5] }),
    ]
  }),
  grouped('depthwise on one pixel', 4, [3, 1, 1, 4], [3, 3, 1, 4], { padding: around }),
]

export const convolutions: readonly ConvolutionCase[] = [
  plainConvolution,
  {
    title: 'padded unevenly',
    x: image,
    k: [3, 2, 4, 5],
    strides: [1, 1],
    padding: { top: 1, bottom: 2, left: 0, right: 1 },
    dilations: [1, 1],
    groups: 1,
  },
  {
    title: 'strides',
    x: [2, 11, 12, 3],
    k: [5, 4, 3, 6],
    strides: [3, 2],
    padding: nowhere,
    dilations: [1, 1],
    groups: 1,
  },
  {
    title: 'strides and padding',
    x: [1, 9, 10, 3],
    k: [3, 3, 3, 2],
    strides: [2, 3],
    padding: { top: 0, bottom: 1, left: 1, right: 1 },
    dilations: [1, 1],
    groups: 1,
  },
  {
    title: 'dilated',
    x: [1, 9, 9, 2],
    k: [3, 3, 2, 3],
    strides: [1, 1],
    padding: { top: 2, bottom: 2, left: 2, right: 2 },
    dilations: [2, 2],
    groups: 1,
  },
  { title: '1×1', x: image, k: [1, 1, 4, 3], strides: [1, 1], padding: nowhere, dilations: [1, 1], groups: 1 },
  {
    title: '5×5 same on 7×6',
    x: image,
    k: [5, 5, 4, 3],
    strides: [1, 1],
    padding: { top: 2, bottom: 2, left: 2, right: 2 },
    dilations: [1, 1],
    groups: 1,
  },
  ...groupedConvolutions,
]
