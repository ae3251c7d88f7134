import type { Part } from '../augment/placement.js'
import type { Sampling } from './colours.js'
import type { Component, Frame, Scan } from './frame.js'
import { blockBytes, codeMargin, codeTable, layout, mostBlocks, plan, planBytes } from './memory.js'

/** The samples of a component in memory. */
export interface Plane extends Component {
  /** Where the first lies, and how far it is from row to row. */
  readonly at: number
  readonly stride: number
  /** Those that are of the picture: others fill up its last units. */
  readonly width: number
  readonly height: number
  /** Where the coefficients of a progressive file lie, block by block, and how many blocks there are in a row of units. */
  readonly coefficients: number
  readonly blocksAcross: number
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
  /** All coefficients, from here to the end; none of them are kept but of a progressive file. */
  readonly coefficients: number
  /** Bytes of memory in all. */
  readonly end: number
}

/** Bytes before and after each row of samples, since what is beside them is read. */
const beside = 16

/** Bytes after each kind of thing, for the same reason. */
const margin = 64

const aligned = (bytes: number): number => (bytes + 15) & ~15

/** Undefined where colours are stored at another resolution than is read here. `data` is how many bytes of codes there are. */
export function gridOf({ width, height, isProgressive, components }: Frame, data: number): Grid | undefined {
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
  const laid = sampled.map((component) => {
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
  if (sampling !== 'full' && laid.some((plane) => plane.width < 3)) return undefined
  const channels = isGrey ? 1 : 3
  const out = free + margin
  const coefficients = aligned(out + width * height * channels + margin)
  let end = coefficients
  const planes = laid.map((plane): Plane => {
    const blocksAcross = across * plane.across
    const at = end
    if (isProgressive) end += blocksAcross * down * plane.down * blockBytes
    return { ...plane, coefficients: at, blocksAcross }
  })
  return {
    sampling,
    planes,
    unitWidth: 8 * unitBlocks.across,
    unitHeight: 8 * unitBlocks.down,
    across,
    down,
    out,
    channels,
    coefficients,
    end,
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

/** Writes how the blocks of a scan's unit are decoded. Gives where that ends; undefined if there are more than may be. */
export function writePlan({ planes }: Grid, { components, frame }: Scan, words: Int32Array): number | undefined {
  const blocks = components.flatMap((chosen) => {
    const plane = planes[chosen.place]
    if (plane === undefined) return []
    // The units of a scan of one component are its blocks.
    const length = components.length === 1 ? 1 : plane.across * plane.down
    return Array.from({ length }, () => ({ ...plane, ...chosen, across: length === 1 ? 1 : plane.across }))
  })
  if (blocks.length > mostBlocks) return undefined
  blocks.forEach(({ place, first, others, quantization, across, stride }, index) => {
    const at = layout.plan + index * planBytes
    words[(at + plan.first) / 4] = layout.codes + first * codeTable.bytes
    words[(at + plan.others) / 4] = layout.codes + (4 + others) * codeTable.bytes
    words[(at + plan.quantization) / 4] = layout.quantization + 128 * quantization
    words[(at + plan.before) / 4] = layout.before + 4 * place
    words[(at + plan.step) / 4] = across * (frame.isProgressive ? blockBytes : 8)
    words[(at + plan.stride) / 4] = stride
  })
  return layout.plan + blocks.length * planBytes
}

/** Has the blocks of a scan's unit written where they lie: their samples, or their coefficients. */
export function placeUnit(
  { planes }: Grid,
  { components, frame }: Scan,
  words: Int32Array,
  row: number,
  column: number,
): void {
  let at = layout.plan
  for (const { place } of components) {
    const plane = planes[place]
    if (plane === undefined) continue
    const [across, down] = components.length === 1 ? [1, 1] : [plane.across, plane.down]
    for (let y = row * down; y < (row + 1) * down; y++) {
      for (let x = column * across; x < (column + 1) * across; x++, at += planBytes) {
        words[(at + plan.out) / 4] = frame.isProgressive
          ? plane.coefficients + (y * plane.blocksAcross + x) * blockBytes
          : plane.at + y * 8 * plane.stride + x * 8
      }
    }
  }
}
