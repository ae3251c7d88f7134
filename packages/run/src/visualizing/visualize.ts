import { ConvzooError, type Dataset } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import type * as Inside from '@convzoo/visualize/inside'
import { given } from '../config/given.js'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { type ChosenImages, chosenFiles, chosenSamples } from '../opened/predict.js'
import type { UsedPlan } from '../plan.js'
import { badImagesOf } from '../source/bad-images.js'
import { drawFilters } from './first-filters.js'
import { methods, type VisualizeMethod } from './methods.js'
import { type ParsedVisualizeOptions, requireTaken } from './options.js'
import { type ImageMethod, isUnitMethod, painters, type UnitMethod } from './painters.js'
import {
  type Look,
  leastWidth,
  lookInto,
  type PictureOf,
  picturesOf,
  plainPlan,
  type VisualizedPicture,
} from './pictures.js'

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
  const job: Job = { run, options, ...(await lookInto(run)) }
  const pictures =
    options.method === 'filters'
      ? [await drawFilters(job, given({ layer: options.layer }))]
      : await ofImages(job, options.method)
  const page = job.inside.figuresPage(`${run.name}: ${methods[options.method].shows}`, pictures)
  return { pictures, page }
}

interface Job extends Look {
  readonly run: OpenedNetwork
  readonly options: ParsedVisualizeOptions
}

async function ofImages(job: Job, method: Exclude<VisualizeMethod, 'filters'>): Promise<readonly VisualizedPicture[]> {
  const { run, options } = job
  const { images: paths, data, split, index } = options
  const opened: ChosenImages[] = []
  const open = async (plan: UsedPlan): Promise<ChosenImages> => {
    const chosen = await (paths === undefined
      ? chosenSamples(run, { ...given({ data, split }), index: index ?? [0] }, plan)
      : chosenFiles(run, paths, plan))
    opened.push(chosen)
    return chosen
  }
  try {
    const chosen = await open(run.plan)
    const plain = plainPlan(run.plan)
    const shown = plain === undefined ? chosen : await open(plain)
    if (isUnitMethod(method)) {
      const isWhole = paths === undefined && index === undefined
      const [seen, whole] = isWhole ? [everyImage(chosen), everyImage(shown)] : [chosen, shown]
      return await unitDrawings[method](job, seen, whole)
    }
    if (chosen.index.length > mostImages) throw tooMany(chosen.index.length)
    const seen = await read(chosen)
    return await drawEach(job, method, seen, await picturesOf(run.plan.preprocessing, shown.images, seen.places))
  } finally {
    const [first] = opened
    if (first !== undefined) run.told.warn(skippedOf(first.images))
    await Promise.all(opened.map(({ images }) => images.dispose?.()))
  }
}

const skippedOf = (images: Dataset): readonly string[] =>
  badImagesOf(images).map(({ name, reason }) => `skipped ${printable(name)}: ${printable(reason)}`)

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
  { run, options, inside, network, draw }: Job,
  method: ImageMethod,
  { images, names }: Seen,
  pictureOf: PictureOf,
): Promise<readonly VisualizedPicture[]> {
  const classes = classesOf(run, options, names.length)
  const explaining = { images, onProgress: run.told.progress(method), ...given({ classes }) }
  const paint = await painters[method]({ run, options, inside, network, explaining, pictureOf })
  return inOrder(names.entries(), async ([index, name]) => {
    const { tiles, columns, least, says } = paint(index)
    return {
      name: `${method}-${index + 1}`,
      png: await draw(tiles, columns, least),
      caption: `${printable(name)}: ${says}`,
    }
  })
}

type UnitDrawing = (job: Job, chosen: ChosenImages, shown: ChosenImages) => Promise<readonly VisualizedPicture[]>

/** A picture for each map: the images that it likes most, and its activation there carried back. */
const drawDeconvnet: UnitDrawing = async (job, chosen, shown) => {
  const { run, options, inside, network } = job
  const layer = options.layer ?? inside.lastConvolution(network.model)
  const { count = usualCount } = options
  const dataset = partOf(chosen)
  const found = await inside.topActivations(network, {
    ...{ layer, dataset, count },
    ...given({ units: options.units }),
    onProgress: run.told.progress('deconvnet'),
  })
  const units = options.units ?? mostActive(found)
  const best = units.flatMap((unit) => (found.get(unit) ?? []).map(({ index }) => ({ unit, index })))
  if (best.length === 0) throw nothingSeen(dataset)
  const batch = await dataset.batch(best.map(({ index }) => index))
  const images = batch.images.slice()
  dataset.recycle?.(batch)
  const projections = await inside.deconvnet(network, {
    ...{ layer, images },
    units: best.map(({ unit }) => unit),
    onProgress: run.told.progress('projected'),
  })
  const rows = best.map(({ unit, index }, row) => ({ unit, index, projection: projections[row] }))
  return drawUnits(job, chosen, shown, {
    rows: rows.flatMap(({ unit, index, projection }) =>
      projection === undefined ? [] : [{ unit, index, projection }],
    ),
    says: (unit, names) =>
      `Map ${unit} of ${layer}, the most active in ${names.join(', ')}: its activation carried back to pixels, and below it what it saw`,
  })
}

/** A picture for each map: what it liked most at each checkpoint. */
const drawEvolution: UnitDrawing = async (job, chosen, shown) => {
  const { run, options, inside, network } = job
  const history = await run.history()
  if (history.length === 0) throw noHistory(run)
  const layer = options.layer ?? inside.lastConvolution(network.model)
  const dataset = partOf(chosen)
  const units = options.units ?? mostActive(await inside.topActivations(network, { layer, dataset, count: 1 }))
  const found = await inside.evolution(network, {
    ...{ layer, units, dataset, history },
    onProgress: run.told.progress('evolution'),
  })
  const steps = history.map(({ step }) => step).join(', ')
  return drawUnits(job, chosen, shown, {
    rows: found.flatMap(({ unit, stages }) => stages.map(({ index, projection }) => ({ unit, index, projection }))),
    says: (unit, names) =>
      `Map ${unit} of ${layer} after ${steps} steps, each time in the image in which it was the most active (${names.join(', ')}): its activation carried back to pixels, and below it what it saw`,
  })
}

const unitDrawings: Readonly<Record<UnitMethod, UnitDrawing>> = { deconvnet: drawDeconvnet, evolution: drawEvolution }

/** The units of the largest activations. */
const mostActive = (found: ReadonlyMap<number, readonly Inside.TopActivation[]>): readonly number[] =>
  [...found]
    .toSorted(([, a], [, b]) => (b[0]?.activation ?? 0) - (a[0]?.activation ?? 0))
    .slice(0, usualUnits)
    .map(([unit]) => unit)

interface UnitRows {
  /** What was carried back, of which image among the chosen ones. */
  readonly rows: readonly { readonly unit: number; readonly index: number; readonly projection: Inside.Projection }[]
  readonly says: (unit: number, names: readonly string[]) => string
}

/** A picture for each unit: its projections beside each other, and below them what it saw. */
async function drawUnits(
  { run, options: { method }, inside, draw }: Job,
  chosen: ChosenImages,
  shown: ChosenImages,
  { rows, says }: UnitRows,
): Promise<readonly VisualizedPicture[]> {
  const places = rows.map(({ index }) => chosen.index[index] ?? 0)
  const pictureOf = await picturesOf(run.plan.preprocessing, shown.images, places)
  const units = [...new Set(rows.map(({ unit }) => unit))]
  return inOrder(units.entries(), async ([at, unit]) => {
    const own = [...rows.keys()].filter((row) => rows[row]?.unit === unit)
    const projections = own.flatMap((row) => rows[row]?.projection ?? [])
    const names = own.map((row) => printable(chosen.nameOf(places[row] ?? 0)))
    const tiles = inside.patches(projections, run.plan.settings.network.input, own.map(pictureOf))
    return {
      name: `${method}-${at + 1}`,
      png: await draw(tiles, projections.length, leastWidth.part),
      caption: says(unit, names),
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

const noHistory = ({ name }: OpenedNetwork): ConvzooError =>
  new ConvzooError({
    kind: 'state',
    message: `${name} has no checkpoints.`,
    expected: 'a run whose checkpoints are there still',
    hint: 'train with --checkpoint-keep, so that those of many epochs stay',
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
