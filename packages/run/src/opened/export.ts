import { basename, dirname, join } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { boolean, defineOptions, internalError, oneOf, optional, sizeOf, text } from '@convzoo/core/define'
import { uniformForSamples } from '@convzoo/core/engine'
import { makeFolder, removeFolder, renameFile } from '@convzoo/files'
import type { WriteOnnxOptions } from '@convzoo/onnx'
import { orNotInstalled } from '../plugins/not-installed.js'
import { lastSplit } from '../source/evaluated.js'
import { openSource } from '../source/open-source.js'
import { openOwnSource } from '../source/own-source.js'
import { loadOptionsOf } from '../source/run-data.js'
import { type ExportFormat, exportFormats } from './export-formats.js'
import type { OpenedNetwork } from './opened-network.js'

export interface ExportOptions {
  /** `onnx` by default. */
  readonly format?: ExportFormat | undefined
  /** Whose images both are compared on: the run's own, by default; noise for a file of weights. */
  readonly data?: string | undefined
  /** Whether weights get a file of their own beside the model's; by default where they are larger than the format allows. */
  readonly externalData?: boolean | undefined
}

/** What was written, and how far it is from the run. */
export interface ExportedNetwork {
  readonly path: string
  /** The file of the weights, if they have one. */
  readonly dataFile: string | undefined
  /** The tensor that goes in: [N, H, W, C], preprocessed, for any N. */
  readonly input: string
  /** The tensor that comes out. */
  readonly output: string
  readonly opset: number
  /** Images on which both were compared. */
  readonly images: number
  /** Between what the run and the model make of them. */
  readonly greatestDifference: number
}

export const exportOptions = defineOptions({
  format: optional(oneOf(...exportFormats), 'onnx'),
  data: optional(text),
  externalData: optional(boolean),
})

/** Images that are compared. */
const compared = 8

/** Between probabilities in float32, of one runtime and another. */
const tolerance = 1e-4

export async function exportNetwork(
  run: OpenedNetwork,
  path: string,
  { data, externalData }: ReturnType<typeof exportOptions.parse>,
): Promise<ExportedNetwork> {
  const { writeOnnx } = await import('@convzoo/onnx')
  const { openOnnxModel } = await import('@convzoo/engine-onnx/model').catch(orNotInstalled('@convzoo/engine-onnx'))
  const images = await imagesOf(run, data)
  const count = images.length / sizeOf(run.plan.settings.network.input)
  const trainer = await run.ready({ predict: [{ samples: count, batchSize: count }] })
  const wanted = await trainer.predict(images, { batchSize: count })
  const read: WriteOnnxOptions['read'] = (names) => trainer.readState(names)
  // What is wrong is never put in the place of what was there.
  const folder = `${path}.unchecked`
  await makeFolder(folder)
  try {
    const unchecked = join(folder, basename(path))
    const { dataFile, ...written } = await writeOnnx(unchecked, run.model, {
      read,
      metadata: metadataOf(run),
      externalData,
    })
    const model = await openOnnxModel(unchecked)
    const given = await model.run(images).finally(() => model.dispose())
    const greatestDifference = greatestBetween(wanted, given)
    if (!(greatestDifference <= tolerance)) {
      throw internalError(`The model differs from the run by ${greatestDifference}: it was not written.`)
    }
    const ownDataFile = dataFile === undefined ? undefined : join(dirname(path), basename(dataFile))
    if (dataFile !== undefined && ownDataFile !== undefined) await renameFile(dataFile, ownDataFile)
    await renameFile(unchecked, path)
    return { ...written, path, dataFile: ownDataFile, images: count, greatestDifference }
  } finally {
    await removeFolder(folder)
  }
}

/** What stands beside the graph: what its numbers mean. */
function metadataOf({ plan, classes }: OpenedNetwork): Readonly<Record<string, string>> {
  const { mean, standardDeviation, resize, shorterSide, whitening } = plan.preprocessing
  // That pictures are whitened stands there; what was fitted for it would outweigh the network.
  const { fitted, ...whitened } = whitening ?? {}
  return {
    network: plan.settings.network.id,
    input: JSON.stringify(plan.settings.network.input),
    preprocessing: JSON.stringify({
      ...{ resize, shorterSide, mean, standardDeviation },
      ...(whitening === undefined ? {} : { whitening: whitened }),
    }),
    ...(classes === undefined ? {} : { classes: JSON.stringify(classes) }),
  }
}

/** A few real images; where the run's are not there any more, noise, which is said. */
async function imagesOf(run: OpenedNetwork, data: string | undefined): Promise<Float32Array> {
  const { plan, told } = run
  const { validationSplit } = plan.settings.data
  try {
    const source =
      data === undefined
        ? await openOwnSource(plan, told.warn)
        : await openSource({ source: data, validationSplit }, told.warn)
    const options = { ...loadOptionsOf(plan, compared), allowOneClass: true }
    const dataset = run.keep(await source.load(lastSplit(source), options))
    const places = Array.from({ length: Math.min(compared, dataset.length) }, (_, place) => place)
    const { images } = await dataset.batch(places)
    return images
  } catch (error) {
    const isAway = ConvzooError.isInstance(error) && (error.kind === 'file' || plan.settings.data.source === undefined)
    if (data !== undefined || !isAway) throw error
    told.warn(`${error.sentence} The model is compared on noise instead.`)
    const noise = new Float32Array(compared * sizeOf(plan.settings.network.input))
    const sampleIndices = Array.from({ length: compared }, (_, place) => place)
    uniformForSamples({ seed: [0, 0], stream: 'noise', step: 0, sampleIndices }, noise)
    return noise
  }
}

/** NaN where one of them has NaN, or they are not of one length. */
const greatestBetween = (a: Float32Array, b: Float32Array): number =>
  a.length === b.length
    ? a.reduce((most, value, place) => Math.max(most, Math.abs(value - (b[place] ?? 0))), 0)
    : Number.NaN
