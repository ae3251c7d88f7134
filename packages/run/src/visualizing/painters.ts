import { printable } from '@convzoo/core/define'
import type * as Inside from '@convzoo/visualize/inside'
import { given } from '../config/given.js'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { methods, type VisualizeMethod } from './methods.js'
import type { ParsedVisualizeOptions } from './options.js'
import { countOf, leastWidth, type PictureOf } from './pictures.js'

/** Methods of which each map, or unit, of a layer gives a picture, of what many images say. */
export type UnitMethod = 'deconvnet' | 'evolution'

export const isUnitMethod = (method: VisualizeMethod): method is UnitMethod =>
  method === 'deconvnet' || method === 'evolution'

/** Methods of which each image gives a picture. */
export type ImageMethod = Exclude<VisualizeMethod, 'filters' | UnitMethod>

/** What a method is given. */
interface Painting {
  readonly run: OpenedNetwork
  readonly options: ParsedVisualizeOptions
  readonly inside: typeof Inside
  readonly network: Inside.Network
  /** The images, and for which classes they are looked at. */
  readonly explaining: Inside.Explaining
  readonly pictureOf: PictureOf
}

/** What is drawn of one image: pictures in so many columns, at least so wide, and what they show. */
interface Painted {
  readonly tiles: Inside.Tiles
  readonly columns: number
  readonly least: number
  readonly says: string
}

/** Looks at all images, and gives what is drawn of each. */
type Painter = (painting: Painting) => Promise<(index: number) => Painted>

/** An image, and beside it what a method found. */
function beside({ inside, pictureOf }: Painting, index: number, parts: readonly Inside.Tiles[], says: string): Painted {
  const tiles = inside.joined([pictureOf(index), ...parts])
  return { tiles, columns: parts.length + 1, least: leastWidth.image, says }
}

/** The class that an image is about, as it is called. */
function about({ run }: Painting, classes: readonly number[], index: number): string {
  const label = classes[index] ?? 0
  return `"${printable(run.classes?.[label] ?? String(label))}"`
}

const sizeOf = ({ run }: Painting): readonly [number, number] => {
  const [height, width] = run.plan.settings.network.input
  return [height, width]
}

const ofMaps =
  (find: (painting: Painting) => Promise<Inside.ClassMaps>): Painter =>
  async (painting) => {
    const { inside, pictureOf } = painting
    const found = await find(painting)
    return (index) => {
      const maps = inside.nthMap(found, index)
      const parts = [inside.heatTiles(inside.resized(maps, sizeOf(painting))), inside.overlaid(pictureOf(index), maps)]
      return beside(
        painting,
        index,
        parts,
        `what speaks for ${about(painting, found.classes, index)}, alone and over the image`,
      )
    }
  }

const ofPixels =
  (method: ImageMethod, find: (painting: Painting) => Promise<Inside.Attribution>): Painter =>
  async (painting) => {
    const { inside, run } = painting
    const shape = run.plan.settings.network.input
    const size = shape[0] * shape[1] * shape[2]
    const found = await find(painting)
    return (index) => {
      const values = found.values.subarray(index * size, (index + 1) * size)
      const parts = [inside.signedTiles(values, shape), inside.greyTiles(inside.magnitudes(values, shape))]
      const of = about(painting, found.classes, index)
      return beside(painting, index, parts, `${methods[method].shows}, ${of}, signed and how large`)
    }
  }

/** How each method is drawn. */
export const painters: Readonly<Record<ImageMethod, Painter>> = {
  activations: async ({ inside, network, options, explaining }) => {
    const layer = options.layer ?? inside.firstConvolution(network.model)
    const { classes: _, ...looking } = explaining
    const found = await inside.activations(network, { ...looking, layer })
    return (index) => {
      const tiles = inside.activationTiles(found, index)
      const columns = Math.ceil(Math.sqrt(countOf(tiles)))
      const says = `what ${layer} gives, each map from its least to its largest number`
      return { tiles, columns, least: leastWidth.map, says }
    }
  },
  occlusion: async (painting) => {
    const { inside, network, explaining, options } = painting
    const { layer, square, stride } = options
    const found = await inside.occlusion(network, { ...explaining, ...given({ layer, square, stride }) })
    return (index) => {
      const parts = [found.features, found.probabilities, found.predicted].map((maps) =>
        inside.heatTiles(inside.resized(inside.nthMap(maps, index), sizeOf(painting))),
      )
      const of = about(painting, found.classes, index)
      const says = `a square of ${found.square} pixels covers it: the sum of map ${found.strongest[index]} of ${found.layer}, the probability of ${of}, the place of the class that is predicted`
      return beside(painting, index, parts, says)
    }
  },
  'grad-cam': ofMaps(({ inside, network, explaining, options: { layer } }) =>
    inside.gradCam(network, { ...explaining, ...given({ layer }) }),
  ),
  'class-maps': ofMaps(({ inside, network, explaining }) => inside.classMaps(network, explaining)),
  gradient: ofPixels('gradient', ({ inside, network, explaining }) => inside.inputGradients(network, explaining)),
  guided: ofPixels('guided', ({ inside, network, explaining }) => inside.guidedGradients(network, explaining)),
  'smooth-grad': ofPixels('smooth-grad', ({ inside, network, explaining, options: { samples } }) =>
    inside.smoothGrad(network, { ...explaining, ...given({ samples }) }),
  ),
  'integrated-gradients': ofPixels('integrated-gradients', ({ inside, network, explaining, options: { steps } }) =>
    inside.integratedGradients(network, { ...explaining, ...given({ steps }) }),
  ),
}
