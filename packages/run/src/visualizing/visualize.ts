import { ConvzooError, type Dataset } from '@convzoo/core'
import { internalError, printable } from '@convzoo/core/define'
import type * as Inside from '@convzoo/visualize/inside'
import { given } from '../config/given.js'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { type ChosenImages, chosenFiles, chosenSamples } from '../opened/predict.js'
import type { UsedPlan } from '../plan.js'
import { orNotInstalled } from '../plugins/not-installed.js'
import { badImagesOf } from '../source/bad-images.js'
import { methods } from './methods.js'
import { type ParsedVisualizeOptions, requireTaken } from './options.js'

/** A picture of what a network saw. */
export interface VisualizedPicture {
  /** For a file, without its ending: `grad-cam-1`. */
  readonly name: string
  readonly png: Uint8Array
  /** What it shows, in words. */
  readonly caption: string
}

/** Pictures, and a page that shows them all in one file. */
export interface Visualized {
  readonly pictures: readonly VisualizedPicture[]
  /** HTML that loads nothing. */
  readonly page: string
}

/** Images that are drawn at most: a page of more is none that is looked at. */
const mostImages = 100

/** Maps of a deconvnet where none are named, and images for each. */
const usualUnits = 9
const usualCount = 9

/** Draws what a network saw. */
export async function visualizeNetwork(run: OpenedNetwork, options: ParsedVisualizeOptions): Promise<Visualized> {
  requireTaken(options)
  const inside = await import('@convzoo/visualize/inside').catch(orNotInstalled('@convzoo/visualize'))
  const { contactSheet } = await import('@convzoo/data/inspect')
  const trainer = await run.ready({})
  const network = { model: run.model, engine: run.engine, readWeights: () => trainer.readWeights() }
  const draw: Draw = (tiles, columns, least) => {
    const { height, width, values } = inside.enlarged(tiles, Math.max(1, Math.ceil(least / tiles.width)))
    return contactSheet(values, { shape: [height, width, 3], columns })
  }
  const job: Job = { run, options, inside, network, draw }
  const pictures = options.method === 'filters' ? [await drawFilters(job)] : await ofImages(job)
  const page = inside.figuresPage(`${run.name}: ${methods[options.method].shows}`, pictures)
  return { pictures, page }
}

/** A PNG of pictures in so many columns; small ones are enlarged until each is at least so many pixels wide. */
type Draw = (tiles: Inside.Tiles, columns: number, least: number) => Promise<Uint8Array>

/** Pixels of a picture of an image, of a part of one, and of one map of many, at least. */
const leastWidth = { image: 160, part: 80, map: 40 } as const

interface Job {
  readonly run: OpenedNetwork
  readonly options: ParsedVisualizeOptions
  readonly inside: typeof Inside
  readonly network: Inside.Network
  readonly draw: Draw
}

async function drawFilters({ options, inside, network, draw }: Job): Promise<VisualizedPicture> {
  const found = await inside.filters(network, given({ layer: options.layer }))
  const tiles = inside.filterTiles(found)
  const count = tiles.values.length / (tiles.height * tiles.width * 3)
  const columns = Math.ceil(Math.sqrt(count))
  return {
    name: 'filters-1',
    png: await draw(tiles, columns, leastWidth.map),
    caption: `The ${found.shape.at(-1)} filters of ${found.layer}, each stretched from its least to its largest weight`,
  }
}

async function ofImages(job: Job): Promise<readonly VisualizedPicture[]> {
  const { run, options } = job
  const { images: paths, data, split, index, method } = options
  const open = (plan: UsedPlan): Promise<ChosenImages> =>
    paths === undefined
      ? chosenSamples(run, { ...given({ data, split }), index: index ?? [0] }, plan)
      : chosenFiles(run, paths, plan)
  const chosen = await open(run.plan)
  // What was whitened does not say what it was before.
  const { whitening, ...plain } = run.plan.preprocessing
  const shown = whitening === undefined ? chosen : await open({ ...run.plan, preprocessing: plain })
  try {
    if (method === 'deconvnet') {
      const isWhole = paths === undefined && index === undefined
      return await (isWhole
        ? drawDeconvnet(job, everyImage(chosen), everyImage(shown))
        : drawDeconvnet(job, chosen, shown))
    }
    if (chosen.index.length > mostImages) throw tooMany(chosen.index.length)
    const seen = await read(chosen)
    return await drawEach(job, seen, await picturesOf(job, shown.images, seen.places))
  } finally {
    const skipped = badImagesOf(chosen.images).map(
      ({ name, reason }) => `skipped ${printable(name)}: ${printable(reason)}`,
    )
    run.told.warn(skipped)
    await Promise.all([...new Set([chosen.images, shown.images])].map((each) => each.dispose?.()))
  }
}

const everyImage = (chosen: ChosenImages): ChosenImages => ({
  ...chosen,
  index: Array.from({ length: chosen.images.length }, (_, place) => place),
})

/** Images as the network sees them, with what they are called. */
interface Seen {
  readonly images: Float32Array
  readonly names: readonly string[]
  /** Where they are in their dataset. */
  readonly places: readonly number[]
}

async function read({ images, index, nameOf }: ChosenImages): Promise<Seen> {
  const batch = await images.batch(index)
  const skipped = new Set(batch.skipped)
  const size = batch.images.length / index.length
  const rows = index.map((_, row) => row).filter((row) => !skipped.has(row))
  if (rows.length === 0) throw nothingSeen(images)
  const kept = new Float32Array(rows.length * size)
  for (const [to, row] of rows.entries()) kept.set(batch.images.subarray(row * size, (row + 1) * size), to * size)
  const places = rows.map((row) => index[row] ?? 0)
  return { images: kept, names: places.map((place) => nameOf(place)), places }
}

/** One picture an image: itself, and what the method finds. */
async function drawEach(
  job: Job,
  { images, names }: Seen,
  pictureOf: PictureOf,
): Promise<readonly VisualizedPicture[]> {
  const { run, options, inside, network, draw } = job
  const { method, layer } = options
  const onProgress = run.told.progress(method)
  const shape = run.plan.settings.network.input
  const classes = classesOf(run, options, names.length)
  const explaining = { images, onProgress, ...given({ classes }) }
  const picture = async (index: number, parts: readonly Inside.Tiles[], says: string): Promise<VisualizedPicture> => ({
    name: `${method}-${index + 1}`,
    png: await draw(inside.joined([pictureOf(index), ...parts]), parts.length + 1, leastWidth.image),
    caption: `${printable(names[index] ?? '')}: ${says}`,
  })
  const all = (make: (index: number) => Promise<VisualizedPicture>) => inOrder(names.keys(), make)
  const about = (found: readonly number[], index: number): string => {
    const label = found[index] ?? 0
    return `"${printable(run.classes?.[label] ?? String(label))}"`
  }
  if (method === 'activations') {
    const chosen = layer ?? inside.firstConvolution(network.model)
    const found = await inside.activations(network, { layer: chosen, images, onProgress })
    return all(async (index) => {
      const tiles = inside.activationTiles(found, index)
      const count = tiles.values.length / (tiles.height * tiles.width * 3)
      return {
        name: `${method}-${index + 1}`,
        png: await draw(tiles, Math.ceil(Math.sqrt(count)), leastWidth.map),
        caption: `${printable(names[index] ?? '')}: what ${chosen} gives, each map from its least to its largest number`,
      }
    })
  }
  if (method === 'occlusion') {
    const { square, stride } = options
    const found = await inside.occlusion(network, { ...explaining, ...given({ layer, square, stride }) })
    return all((index) => {
      const [features, probabilities, predicted] = [found.features, found.probabilities, found.predicted].map((maps) =>
        inside.nthMap(maps, index),
      )
      if (features === undefined || probabilities === undefined || predicted === undefined)
        throw internalError('An occlusion has no maps.')
      const parts = [features, probabilities, predicted].map((maps) =>
        inside.heatTiles(inside.resized(maps, [shape[0], shape[1]])),
      )
      return picture(
        index,
        parts,
        `a square of ${found.square} pixels covers it: the sum of map ${found.strongest[index]} of ${found.layer}, the probability of ${about(found.classes, index)}, the place of the class that is predicted`,
      )
    })
  }
  if (method === 'grad-cam' || method === 'class-maps') {
    const found = await (method === 'grad-cam'
      ? inside.gradCam(network, { ...explaining, ...given({ layer }) })
      : inside.classMaps(network, explaining))
    return all((index) => {
      const maps = inside.nthMap(found, index)
      const parts = [
        inside.heatTiles(inside.resized(maps, [shape[0], shape[1]])),
        inside.overlaid(pictureOf(index), maps),
      ]
      return picture(index, parts, `what speaks for ${about(found.classes, index)}, alone and over the image`)
    })
  }
  const { samples, steps } = options
  const found = await (method === 'smooth-grad'
    ? inside.smoothGrad(network, { ...explaining, ...given({ samples }) })
    : method === 'integrated-gradients'
      ? inside.integratedGradients(network, { ...explaining, ...given({ steps }) })
      : method === 'guided'
        ? inside.guidedGradients(network, explaining)
        : inside.inputGradients(network, explaining))
  const size = shape[0] * shape[1] * shape[2]
  return all((index) => {
    const values = found.values.subarray(index * size, (index + 1) * size)
    const parts = [inside.signedTiles(values, shape), inside.greyTiles(inside.magnitudes(values, shape))]
    return picture(index, parts, `${methods[method].shows}, ${about(found.classes, index)}, signed and how large`)
  })
}

/** A picture for each map: the images that it likes most, and its activation there carried back. */
async function drawDeconvnet(
  job: Job,
  chosen: ChosenImages,
  shown: ChosenImages,
): Promise<readonly VisualizedPicture[]> {
  const { run, options, inside, network, draw } = job
  const layer = options.layer ?? inside.lastConvolution(network.model)
  const { count = usualCount } = options
  const dataset = partOf(chosen)
  const found = await inside.topActivations(network, {
    ...{ layer, dataset, count },
    ...given({ units: options.units }),
    onProgress: run.told.progress('deconvnet'),
  })
  const units =
    options.units ??
    [...found]
      .toSorted(([, a], [, b]) => (b[0]?.activation ?? 0) - (a[0]?.activation ?? 0))
      .slice(0, usualUnits)
      .map(([unit]) => unit)
  const best = units.flatMap((unit) => (found.get(unit) ?? []).map(({ index }) => ({ unit, index })))
  if (best.length === 0) throw nothingSeen(dataset)
  const batch = await dataset.batch(best.map(({ index }) => index))
  const images = batch.images.slice()
  const projections = await inside.deconvnet(network, {
    ...{ layer, images },
    units: best.map(({ unit }) => unit),
    onProgress: run.told.progress('projected'),
  })
  const places = best.map(({ index }) => chosen.index[index] ?? 0)
  const pictureOf = await picturesOf(job, shown.images, places)
  return inOrder(units.entries(), async ([place, unit]) => {
    const rows = [...best.keys()].filter((row) => best[row]?.unit === unit)
    const own = rows.flatMap((row) => projections[row] ?? [])
    const names = rows.map((row) => printable(chosen.nameOf(places[row] ?? 0)))
    const tiles = inside.patches(own, run.plan.settings.network.input, rows.map(pictureOf))
    return {
      name: `deconvnet-${place + 1}`,
      png: await draw(tiles, own.length, leastWidth.part),
      caption: `Map ${unit} of ${layer}, the most active in ${names.join(', ')}: its activation carried back to pixels, and below it what it saw`,
    }
  })
}

/** Those images of a dataset that are chosen, by their places among them. */
const partOf = ({ images, index }: ChosenImages): Dataset => ({
  ...images,
  length: index.length,
  batch: (places, purpose) =>
    images.batch(
      Array.from(places, (place) => index[place] ?? 0),
      purpose,
    ),
})

type PictureOf = (index: number) => Inside.Tiles

/** Images at these places as they were before they were normalised. */
async function picturesOf({ run }: Job, images: Dataset, places: readonly number[]): Promise<PictureOf> {
  const { displayedImages } = await import('@convzoo/data/inspect')
  const shape = run.plan.settings.network.input
  const [height, width] = shape
  const { whitening: _, ...preprocessing } = run.plan.preprocessing
  const shown = displayedImages((await images.batch(places)).images, { shape, preprocessing })
  const size = height * width * 3
  return (index) => ({ height, width, values: shown.subarray(index * size, (index + 1) * size) })
}

/** The class that is asked about, for each image; undefined where each is asked about its own. */
function classesOf(
  { classes, plan }: OpenedNetwork,
  { class: asked }: ParsedVisualizeOptions,
  count: number,
): readonly number[] | undefined {
  if (asked === undefined) return undefined
  const names = classes ?? Array.from({ length: plan.classes }, (_, label) => String(label))
  const label = typeof asked === 'number' ? asked : names.indexOf(asked)
  if (label >= 0 && label < names.length) return Array.from({ length: count }, () => label)
  throw new ConvzooError({
    kind: 'option',
    message: 'The network does not know this class.',
    expected: `one of ${names
      .slice(0, 20)
      .map((name) => printable(name))
      .join(', ')}${names.length > 20 ? ', …' : ''}, or a place from 0 to ${names.length - 1}`,
    received: printable(String(asked)),
  })
}

async function inOrder<T, R>(all: Iterable<T>, make: (each: T) => Promise<R>): Promise<readonly R[]> {
  const made: R[] = []
  for (const each of all) made.push(await make(each))
  return made
}

const tooMany = (count: number): ConvzooError =>
  new ConvzooError({
    kind: 'option',
    message: 'There are too many images for one page.',
    expected: `at most ${mostImages}`,
    received: String(count),
    hint: 'name fewer files',
  })

const nothingSeen = (images: Dataset): ConvzooError =>
  new ConvzooError({
    kind: 'data',
    message: `None of the images of ${printable(images.name)} can be looked at.`,
    received: badImagesOf(images)
      .slice(0, 3)
      .map(({ name, reason }) => `${printable(name)} (${printable(reason)})`)
      .join(', '),
  })
