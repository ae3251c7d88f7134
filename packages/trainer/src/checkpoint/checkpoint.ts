import { ConvzooError, type PlainData } from '@convzoo/core'
import { describeValue, messageOf } from '@convzoo/core/define'
import { isJsonObject, type JsonObject, parseJson } from '@convzoo/files/pure'
import { isPlainData } from '../callbacks/memory.js'
import type { Totals } from '../metrics/index.js'
import type { KeptStand, Position } from '../stand.js'
import type { TrainedOn } from './data-identity.js'
import { keptNames, type MemoryEntries } from './memories.js'
import { stepOfName } from './name.js'
import { impossible } from './possible.js'
import { partedSettings, type Settings } from './settings.js'

/** Says what a safetensors file is meant to be. */
const format = 'convzoo-checkpoint/v1'

/** What a trainer keeps between two steps besides tensors. */
export interface TrainerState extends KeptStand {
  readonly settings: Settings
  /** What the last bits of a result depend on: engine, version, device, processor, threads. */
  readonly environment: string
  /** Of the model's outputs, in their order, where they are known. */
  readonly classes?: readonly string[]
  readonly data?: TrainedOn
  /** Names of the weights and statistics that only the auxiliary heads of the network have. */
  readonly auxiliary: readonly string[]
  /** What callbacks remember. */
  readonly callbacks?: MemoryEntries
}

/** The trainer's own part of a checkpoint, as a safetensors file holds it: texts by name, the names sorted. */
export function encodeTrainerState(state: TrainerState): Record<string, string> {
  const { position, totals, rateFactor, settings, environment, classes, data, callbacks = noEntries } = state
  // Whoever looks for the weights of the network leaves out both.
  const auxiliary = [...state.auxiliary, ...keptNames(callbacks)]
  const { samples, loss, top1, top5, gradientNorms: norms } = totals
  const sorted = Object.fromEntries(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    ...(auxiliary.length === 0 ? {} : { auxiliary: JSON.stringify(auxiliary) }),
    ...(callbacks.size === 0 ? {} : { callbacks: JSON.stringify(Object.fromEntries(callbacks)) }),
    ...(classes === undefined ? {} : { classes: JSON.stringify(classes) }),
    ...(data === undefined ? {} : { data: JSON.stringify(encodedData(data)) }),
    environment,
    format,
    settings: JSON.stringify(sorted),
    trainer: JSON.stringify({
      ...encodedPosition(position),
      ...(rateFactor === 1 ? {} : { rateFactor }),
      running: { ...(norms === undefined ? {} : { gradientNorms: norms }), loss, samples, top1, top5 },
    }),
  }
}

const encodedPosition = ({ epoch, sample, step }: Position): Position => ({ epoch, sample, step })

function encodedData({ identity, batchSize, since, sampling }: TrainedOn): object {
  const { fingerprint, imageShape, images, name } = identity
  return {
    batchSize,
    fingerprint,
    imageShape,
    images,
    name,
    ...(sampling === undefined ? {} : { sampling }),
    ...(since === undefined ? {} : { since: encodedPosition(since) }),
  }
}

/**
 * Reads what {@link encodeTrainerState} wrote.
 *
 * @throws ConvzooError of kind `file` if the file is no checkpoint, its metadata are damaged, or training cannot stand where they say.
 */
export function decodeTrainerState(path: string, metadata: Readonly<Record<string, string>>): TrainerState {
  if (metadata.format !== format) {
    throw new ConvzooError({
      kind: 'file',
      message: `${path} is not a checkpoint.`,
      expected: `a safetensors file whose metadata say ${format}`,
      received: metadata.format === undefined ? 'no format' : describeValue(metadata.format),
      hint: 'give a file from the folder checkpoints of a run',
    })
  }
  const read = new MetadataReader(path)
  const fields = read.object(metadata.trainer)
  const running = read.fields(fields.running)
  const position = read.position(fields)
  const { loss } = running
  const { rateFactor = 1 } = fields
  if (typeof rateFactor !== 'number' || !(rateFactor >= 0))
    throw read.damaged(`rateFactor ${describeValue(rateFactor)}`)
  if (typeof loss !== 'number' || !Number.isFinite(loss)) throw read.damaged(`loss ${describeValue(loss)}`)
  const totals = {
    samples: read.count(running, 'samples'),
    loss,
    top1: read.count(running, 'top1'),
    top5: read.count(running, 'top5'),
    ...gradientNormsOf(read, running),
  }
  const texts = Object.entries(read.object(metadata.settings)).map(([name, value]) => [name, String(value)] as const)
  const { run: settings, data: earlier } = partedSettings(Object.fromEntries(texts))
  const data = metadata.data === undefined ? earlierData(read, earlier) : decodedData(read, read.object(metadata.data))
  const fault = impossible({ position, totals, data })
  if (fault !== undefined) throw read.damaged(fault)
  const named = stepOfName(path)
  if (named !== undefined && named !== position.step)
    throw read.damaged(`step ${position.step} in the file of step ${named}`)
  return {
    position,
    totals,
    rateFactor,
    settings,
    environment: metadata.environment ?? 'unknown',
    ...(metadata.classes === undefined ? {} : { classes: read.texts(metadata.classes) }),
    ...(data === undefined ? {} : { data }),
    auxiliary: metadata.auxiliary === undefined ? [] : read.texts(metadata.auxiliary),
    callbacks: metadata.callbacks === undefined ? noEntries : read.callbacks(metadata.callbacks),
  }
}

function gradientNormsOf(read: MetadataReader, { gradientNorms }: JsonObject): Pick<Totals, 'gradientNorms'> {
  if (gradientNorms === undefined) return {}
  const fields = read.fields(gradientNorms)
  const { sum } = fields
  const steps = read.count(fields, 'steps')
  if (typeof sum !== 'number' || !(sum >= 0) || steps < 1) {
    throw read.damaged(`a sum of gradient norms of ${describeValue(sum)} over ${steps} steps`)
  }
  return { gradientNorms: { sum, steps } }
}

const noEntries: MemoryEntries = new Map()

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

function decodedData(read: MetadataReader, fields: JsonObject): TrainedOn {
  const { name, imageShape, fingerprint, since, sampling } = fields
  if (typeof name !== 'string' || typeof imageShape !== 'string') throw read.damaged(describeValue(fields))
  if (fingerprint !== undefined && typeof fingerprint !== 'string')
    throw read.damaged(`fingerprint ${describeValue(fingerprint)}`)
  if (sampling !== undefined && sampling !== 'balanced') throw read.damaged(`sampling ${describeValue(sampling)}`)
  const known = { name, imageShape, images: read.count(fields, 'images', 1) }
  return {
    identity: fingerprint === undefined ? known : { ...known, fingerprint },
    batchSize: read.count(fields, 'batchSize', 1),
    ...(sampling === undefined ? {} : { sampling }),
    ...(since === undefined ? {} : { since: read.position(read.fields(since)) }),
  }
}

/** As versions before class names and fingerprints wrote it, among the settings. */
function earlierData(read: MetadataReader, settings: Settings): TrainedOn | undefined {
  const { dataset, 'batch size': size } = settings
  if (dataset === undefined && size === undefined) return undefined
  const [, name, images, imageShape] = /^(.*), (\d{1,15}) images (\(.*\))$/s.exec(dataset ?? '') ?? []
  if (name === undefined || imageShape === undefined) throw read.damaged(`dataset ${describeValue(dataset)}`)
  const counts = { images: Number(images), batchSize: Number(size) }
  return {
    identity: { name, imageShape, images: read.count(counts, 'images', 1) },
    batchSize: read.count(counts, 'batchSize', 1),
  }
}

/** Takes metadata apart; what does not fit is an error that names the file. */
class MetadataReader {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  object(json: string | undefined): JsonObject {
    return this.fields(this.#parsed(json))
  }

  fields(value: unknown): JsonObject {
    if (isJsonObject(value)) return value
    throw this.damaged(describeValue(value))
  }

  texts(json: string): readonly string[] {
    return this.#texts(this.#parsed(json))
  }

  callbacks(json: string): MemoryEntries {
    return new Map(
      Object.entries(this.object(json)).map(([name, entry]) => {
        const { state, tensors } = this.fields(entry)
        return [name, { state: this.#plain(state), tensors: this.#texts(tensors) }]
      }),
    )
  }

  count(from: JsonObject, name: string, least = 0): number {
    const value = from[name]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
    throw this.damaged(`${name} ${describeValue(value)}`)
  }

  position(from: JsonObject): Position {
    return { step: this.count(from, 'step'), epoch: this.count(from, 'epoch'), sample: this.count(from, 'sample') }
  }

  damaged(received: string): ConvzooError {
    return new ConvzooError({
      kind: 'file',
      message: `The checkpoint ${this.#path} is damaged.`,
      expected: 'metadata that say where training stands',
      received,
      hint: 'resume from another checkpoint',
    })
  }

  #texts(value: unknown): readonly string[] {
    if (isTexts(value)) return value
    throw this.damaged(describeValue(value))
  }

  #plain(value: unknown): PlainData | undefined {
    if (value === undefined || isPlainData(value)) return value
    throw this.damaged(describeValue(value))
  }

  #parsed(json: string | undefined): unknown {
    if (json === undefined) throw this.damaged('none')
    try {
      return parseJson(json)
    } catch (error) {
      throw this.damaged(messageOf(error))
    }
  }
}
