import type { ConvolutionAttributes } from '@convzoo/core/engine'
import type { Matrix } from './matrix.js'

/** What a convolution's kernel reads of its images. */
interface Patches {
  readonly attributes: Pick<ConvolutionAttributes, 'strides' | 'padding' | 'dilations'>
  /** Of the images. */
  readonly height: number
  readonly width: number
  readonly allChannels: number
  /** Of a group. */
  readonly channels: number
  /** Of the result: its height and width. */
  readonly oh: number
  readonly ow: number
  /** Width of the kernel. */
  readonly kw: number
}

/**
 * x[n, i·s + p·d − top, j·s + q·d − left, c] by an index over pixels of the result, (n, i, j), and one over weights of a filter, (p, q, c).
 *
 * @param outer Which of them is the outer index.
 */
export function patches(outer: 'pixel' | 'weight', given: Patches): Matrix {
  const { attributes, height, width, allChannels, channels, oh, ow, kw } = given
  const { strides, padding, dilations } = attributes
  const pixel = (index: string): string => `
  let j = ${index} % ${ow}; let i = (${index} / ${ow}) % ${oh}; let n = ${index} / ${ow * oh};
  let y = i * ${strides[0]} - ${padding.top}; let z = j * ${strides[1]} - ${padding.left};
  return vec3<u32>(((n * ${height} + y) * ${width} + z) * ${allChannels} + product * ${channels}, y, z);`
  const weight = (index: string): string => `
  let c = ${index} % ${channels}; let q = (${index} / ${channels}) % ${kw}; let p = ${index} / ${channels * kw};
  let y = p * ${dilations[0]}; let z = q * ${dilations[1]};
  return vec3<u32>((y * ${width} + z) * ${allChannels} + c, y, z);`
  const { top, bottom, left, right } = padding
  const isBordered = top > 0 || bottom > 0 || left > 0 || right > 0
  return {
    input: 'x',
    along: outer === 'pixel' ? 'k' : 'outer',
    fours: channels % 4 === 0,
    outer: outer === 'pixel' ? pixel('outer') : weight('outer'),
    depth: outer === 'pixel' ? weight('k') : pixel('k'),
    place: 'o.x + d.x',
    ...(isBordered && { inside: `(o.y + d.y < ${height}) & (o.z + d.z < ${width})` }),
  }
}
