import { inputType } from '../layers/input.js'
import type { Application } from '../model/index.js'
import { dilatedSize, type Pair, type Shape } from '../shape.js'

/** The part of the image that one output cell depends on, in pixels. It may be larger than the image: what lies outside is padding. */
export interface ReceptiveField {
  readonly size: Pair
  /** How far it moves from one output cell to the next; 0 where every cell depends on the whole image. */
  readonly strides: Pair
}

/** Along one axis: where what the first output cell depends on starts, how long it is, and the stride; in pixels. */
interface Reach {
  readonly start: number
  readonly size: number
  readonly stride: number
}

type Reaches = readonly [rows: Reach, columns: Reach]

/**
 * Receptive fields of applications; undefined where a network does not begin with an image. A window of k cells that are d apart and
 * move by s, on cells that are j pixels apart, makes of a field of r pixels one of r + (k − 1)·d·j pixels, and of the stride j the
 * stride j·s. Where paths join, the field spans them all.
 *
 * Source: Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill, 2019.
 */
export function receptiveFields(): (application: Application) => ReceptiveField | undefined {
  const known = new Map<Application, Reaches | undefined>()
  const reachesOf = (application: Application): Reaches | undefined => {
    if (!known.has(application)) known.set(application, derive(application, reachesOf))
    return known.get(application)
  }
  return (application) => {
    const reaches = reachesOf(application)
    if (reaches === undefined) return undefined
    const [rows, columns] = reaches
    return { size: [rows.size, columns.size], strides: [rows.stride, columns.stride] }
  }
}

function derive(
  application: Application,
  reachesOf: (application: Application) => Reaches | undefined,
): Reaches | undefined {
  const { owner, inputs, outputShape } = application
  const [first, ...rest] = inputs.map(({ shape }) => shape)
  if (first === undefined) return owner.layer.type === inputType && isImage(outputShape) ? pixels : undefined
  const joined = inputs
    .map((input) => reachesOf(input.application))
    .reduce((all, one) =>
      all === undefined || one === undefined ? undefined : along((axis) => span(all[axis], one[axis])),
    )
  if (joined === undefined) return undefined
  const window = owner.layer.window([first, ...rest])
  if (window === undefined)
    return [first, ...rest].some((shape) => keepsPlaces(shape, outputShape)) ? joined : wholeImage(application)
  const { size, strides, dilations = [1, 1], padding } = window
  const before: Pair = [padding.top, padding.left]
  return along((axis) => {
    const { start, size: length, stride } = joined[axis]
    return {
      start: start - before[axis] * stride,
      size: length + (dilatedSize(size[axis], dilations[axis]) - 1) * stride,
      stride: stride * strides[axis],
    }
  })
}

const along = (reach: (axis: 0 | 1) => Reach): Reaches => [reach(0), reach(1)]

const pixels = along(() => ({ start: 0, size: 1, stride: 1 }))

const isImage = (shape: Shape): boolean => shape.length === 3

const keepsPlaces = (before: Shape, after: Shape): boolean =>
  before.length === after.length && (!isImage(before) || (before[0] === after[0] && before[1] === after[1]))

function span(a: Reach, b: Reach): Reach {
  const start = Math.min(a.start, b.start)
  return { start, size: Math.max(a.start + a.size, b.start + b.size) - start, stride: Math.max(a.stride, b.stride) }
}

/** The image that an application leads back to. */
function wholeImage({ inputs, outputShape }: Application): Reaches {
  const [first] = inputs
  if (first !== undefined) return wholeImage(first.application)
  const [height = 0, width = 0] = outputShape
  const image: Pair = [height, width]
  return along((axis) => ({ start: 0, size: image[axis], stride: 0 }))
}
