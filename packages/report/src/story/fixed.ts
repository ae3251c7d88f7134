import { join } from 'node:path'
import { ConvzooError, type ImageShape, type Model, renderDot, renderKeras, summarize } from '@convzoo/core'
import { isOptionsObject } from '@convzoo/core/define'
import { isJsonObject, type JsonObject, readJsonFile } from '@convzoo/files'
import { openRun, previewData, repeatCommand, resumeCommand } from '@convzoo/run'
import { RunFolder } from '@convzoo/trainer'
import type { Fact, FixedParts } from '../page/page-data.js'

/** Layers up to which a network is drawn: more could not be read. */
const mostDrawn = 400

/** Of the data, and as often as each is augmented. */
const shownImages = 4
const shownEpochs = 6

const sentenceOf = (error: unknown): string => (ConvzooError.isInstance(error) ? error.sentence : String(error))

/**
 * What stays as it is for a whole run.
 *
 * @param model The run's network, where it is known already.
 * @throws ConvzooError of kind `file` if the folder is no run.
 */
export async function fixedParts(folder: string, model?: Model): Promise<FixedParts> {
  const config = await (await RunFolder.open(folder)).readConfig()
  const missing: string[] = []
  /** Nothing that is shown is worth a run, or a page. */
  const tried = async <T>(what: string, make: () => Promise<T>): Promise<T | undefined> =>
    make().catch((error: unknown) => {
      missing.push(`${what} is not shown: ${sentenceOf(error)}`)
      return undefined
    })
  const network = model ?? (await tried('The network', () => networkOf(folder)))
  const summary = network === undefined ? undefined : renderKeras(summarize(network))
  const picture =
    network === undefined ? undefined : await tried('The picture of the network', () => pictureOf(network))
  const inputs = await tried('What the network sees', () => inputsOf(config))
  const environment = await readJsonFile(join(folder, 'environment.json'), {
    expected: 'the environment of a run',
    mostBytes: 2 ** 20,
  }).catch(() => ({}))
  return {
    title: textOf(sectionOf(config, 'network').id ?? 'run'),
    ...(summary === undefined ? {} : { summary }),
    ...(picture === undefined ? {} : { picture }),
    ...(inputs === undefined ? {} : { inputs }),
    configuration: factsOf(config),
    environment: factsOf(environment),
    repeat: repeatCommand(folder),
    resume: resumeCommand(folder),
    missing,
  }
}

/** How many epochs a run is to have. */
export async function plannedEpochs(folder: string): Promise<number> {
  const config = await (await RunFolder.open(folder)).readConfig()
  return Number(sectionOf(config, 'training').epochs ?? 0)
}

async function networkOf(folder: string): Promise<Model> {
  await using run = await openRun(folder, { onWarning: () => undefined })
  return run.model
}

async function pictureOf(model: Model): Promise<string | undefined> {
  if (model.layers.length > mostDrawn) throw new Error(`it has ${model.layers.length} layers`)
  const { graphSvg } = await import('@convzoo/visualize').catch(() => {
    throw new Error('@convzoo/visualize, which draws it, is not installed')
  })
  return graphSvg(renderDot(model, { showShapes: true }))
}

async function inputsOf(config: JsonObject): Promise<FixedParts['inputs']> {
  const { id, input } = sectionOf(config, 'network')
  const { source, options, augment, shorterSide } = sectionOf(config, 'data')
  if (options !== undefined) throw new Error('its data have options of their own')
  const { png, images, epochs } = await previewData(String(source), {
    network: String(id),
    ...(isShape(input) ? { input } : {}),
    ...(typeof augment === 'string' ? { augment } : {}),
    ...(typeof shorterSide === 'number' ? { shorterSide } : {}),
    images: shownImages,
    epochs: shownEpochs,
    onWarning: () => undefined,
  })
  return { png: Buffer.from(png).toString('base64'), images, epochs }
}

const isShape = (value: unknown): value is ImageShape =>
  Array.isArray(value) && value.length === 3 && value.every((size) => Number.isInteger(size))

const sectionOf = (config: JsonObject, name: string): JsonObject => {
  const section = config[name]
  return isJsonObject(section) ? section : {}
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Characters of a value that are shown: names of a thousand classes are not for people to read. */
const longestValue = 400

/** The leaves of plain data, by their paths: `training.epochs`. */
function factsOf(data: object, prefix = ''): readonly Fact[] {
  return Object.entries(data).flatMap(([name, value]): readonly Fact[] => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    if (isOptionsObject(value) && !Array.isArray(value)) return factsOf(value, path)
    const text = textOf(value)
    return [[path, text.length > longestValue ? `${text.slice(0, longestValue)}…` : text]]
  })
}
