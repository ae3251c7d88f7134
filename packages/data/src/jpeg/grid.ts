import type { Part } from '../augment/placement.js'
import type { Sampling } from './colours.js'
import type { Component, Frame } from './frame.js'
import { codeMargin, codeTable, layout, mostBlocks, plan, planBytes } from './memory.js'

/** The samples of a component in memory. */
export interface Plane extends Component {
  /** Where the first lies, and how far it is from row to row. */
  readonly at: number
  readonly stride: number
  /** Those that are of the picture: others fill up its last units. */
  readonly width: number
  readonly height: number
}

/** How a picture is made of units, and where everything of it lies in memory. */
export interface Grid {
  readonly sampling: Sampling
  readonly planes: readonly Plane[]
  readonly unitWidth: number
  readonly unitHeight: number
  readonly across: number
  readonly down: number
  /** Where its pixels go: bytes [H, W, channels]. */
  readonly out: number
  readonly channels: 1 | 3
  /** Bytes of memory in all. */
  readonly end: number
}

/** Bytes before and after each row of samples, since what is beside them is read. */
const beside = 16

/** Bytes after each kind of thing, for the same reason. */
const margin = 64

const aligned = (bytes: number): number => (bytes + 15) & ~15

/** Undefined where colours are stored at another resolution than is read here. `data` is how many bytes of codes there are. */
export function gridOf({ width, height, components }: Frame, data: number): Grid | undefined {
  const sampling = samplingOf(components)
  if (sampling === undefined) return undefined
  const isGrey = components.length === 1
  // The units of a picture of one component are its blocks, whatever it says.
  const sampled = isGrey ? components.map((each) => ({ ...each, across: 1, down: 1 })) : components
  const unitBlocks = {
    across: Math.max(...sampled.map((each) => each.across)),
    down: Math.max(...sampled.map((each) => each.down)),
  }
  const across = Math.ceil(width / (8 * unitBlocks.across))
  const down = Math.ceil(height / (8 * unitBlocks.down))
  let free = layout.data + aligned(data) + codeMargin
  const planes = sampled.map((component): Plane => {
    const stride = aligned(across * component.across * 8) + 2 * beside
    const at = free + beside
    free += stride * down * component.down * 8
    return {
      ...component,
      at,
      stride,
      width: Math.ceil((width * component.across) / unitBlocks.across),
      height: Math.ceil((height * component.down) / unitBlocks.down),
    }
  })
  // Fewer samples in a row are not interpolated.
  if (sampling !== 'full' && planes.some((plane) => plane.width < 3)) return undefined
  const channels = isGrey ? 1 : 3
  const out = free + margin
  return {
    sampling,
    planes,
    unitWidth: 8 * unitBlocks.across,
    unitHeight: 8 * unitBlocks.down,
    across,
    down,
    out,
    channels,
    end: out + width * height * channels + margin,
  }
}

function samplingOf([light, ...colours]: readonly Component[]): Sampling | undefined {
  if (colours.length === 0) return 'full'
  if (light === undefined || colours.some(({ across, down }) => across !== 1 || down !== 1)) return undefined
  const { across, down } = light
  if (across === 1) return down === 1 ? 'full' : undefined
  if (across !== 2 || down > 2) return undefined
  return down === 2 ? 'halved' : 'halvedAcross'
}

/** The units of which a part is made, from `left` to before `right` and from `top` to before `bottom`. */
export interface SeenUnits {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** With those beside it of which colours are interpolated. */
export function seenUnits({ across, down, unitWidth, unitHeight }: Grid, part: Part): SeenUnits {
  const around = 2
  return {
    left: Math.max(Math.floor((part.left - around) / unitWidth), 0),
    right: Math.min(Math.ceil((part.left + part.width + around) / unitWidth), across),
    top: Math.max(Math.floor((part.top - around) / unitHeight), 0),
    bottom: Math.min(Math.ceil((part.top + part.height + around) / unitHeight), down),
  }
}

/** Writes how the blocks of a unit are decoded. Gives where that ends; undefined if there are more than may be. */
export function writePlan({ planes }: Grid, words: Int32Array): number | undefined {
  const blocks = planes.flatMap((plane, index) =>
    Array.from({ length: plane.across * plane.down }, () => ({ ...plane, index })),
  )
  if (blocks.length > mostBlocks) return undefined
  blocks.forEach(({ index, first, others, quantization, across, stride }, place) => {
    const at = layout.plan + place * planBytes
    words[(at + plan.first) / 4] = layout.codes + first * codeTable.bytes
    words[(at + plan.others) / 4] = layout.codes + (4 + others) * codeTable.bytes
    words[(at + plan.quantization) / 4] = layout.quantization + 128 * quantization
    words[(at + plan.before) / 4] = layout.before + 4 * index
    words[(at + plan.step) / 4] = 8 * across
    words[(at + plan.stride) / 4] = stride
  })
  return layout.plan + blocks.length * planBytes
}

/** Has the blocks of a unit written where they lie in the picture. */
export function placeUnit({ planes }: Grid, words: Int32Array, row: number, column: number): void {
  let at = layout.plan
  for (const { at: start, stride, across, down } of planes) {
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++, at += planBytes) {
        words[(at + plan.out) / 4] = start + (row * down + y) * 8 * stride + (column * across + x) * 8
      }
    }
  }
}
