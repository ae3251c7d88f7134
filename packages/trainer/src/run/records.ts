import type { EpochRecord, Score, StepRecord, TrainingScore } from '@convzoo/core'
import { isJsonObject, type JsonObject, parseJson } from '@convzoo/files'

/** The last word on a run: how well its weights do on the images of its validation split, where it has no test split. */
export interface ValidationRecord extends Score {
  readonly type: 'validation'
}

/** The last word on a run: how well its weights do on the images of its test split. */
export interface TestRecord extends Score {
  readonly type: 'test'
}

/** Images that could not be used. */
export interface BadImagesRecord {
  readonly type: 'bad-images'
  /** `train`, `validation` or `test`. */
  readonly split: string
  readonly images: readonly { readonly name: string; readonly reason: string }[]
}

/** The weights that a run started from, by the names that they have in its network. */
export interface StartingWeightsRecord {
  readonly type: 'starting-weights'
  /** The run or the file that they came from. */
  readonly source: string
  /** Those that were taken. */
  readonly taken: readonly string[]
  /** Those that were there and are not used. */
  readonly left: readonly string[]
  /** Those of the network that start from its seed. */
  readonly anew: readonly string[]
}

/** A line of `metrics.jsonl`. */
export type RunRecord =
  | StepRecord
  | EpochRecord
  | ValidationRecord
  | TestRecord
  | BadImagesRecord
  | StartingWeightsRecord

/** Each type with how it is read; undefined where something of it is missing or of another kind. */
const readers: {
  readonly [Type in RunRecord['type']]: (fields: JsonObject) => Extract<RunRecord, { type: Type }> | undefined
} = {
  step(fields) {
    const counts = countsOf(fields, ['step', 'epoch', 'samples'])
    const numbers = numbersOf(fields, ['loss', 'learningRate', 'weightDecay', 'seconds', 'waited'])
    const norm = gradientNormOf(fields)
    return counts && numbers && norm && { type: 'step', ...counts, ...numbers, ...norm }
  },
  epoch(fields) {
    const counts = countsOf(fields, ['epoch'])
    const numbers = numbersOf(fields, ['seconds'])
    const training = trainingScoreOf(fields.training)
    const validation = scoreOf(fields.validation)
    const validationOf = bothScoresOf(fields.validationOf)
    if (!counts || !numbers || !training) return undefined
    if ((fields.validation !== undefined && !validation) || (fields.validationOf !== undefined && !validationOf))
      return undefined
    const looked = {
      ...(validation === undefined ? {} : { validation }),
      ...(validationOf === undefined ? {} : { validationOf }),
    }
    return { type: 'epoch', ...counts, training, ...looked, ...numbers }
  },
  validation(fields) {
    const score = scoreOf(fields)
    return score && { type: 'validation', ...score }
  },
  test(fields) {
    const score = scoreOf(fields)
    return score && { type: 'test', ...score }
  },
  'bad-images'({ split, images }) {
    if (typeof split !== 'string' || !Array.isArray(images)) return undefined
    const list: readonly unknown[] = images
    const named = list.flatMap((each) => {
      if (!isJsonObject(each)) return []
      const { name, reason } = each
      return typeof name === 'string' && typeof reason === 'string' ? [{ name, reason }] : []
    })
    return named.length === list.length ? { type: 'bad-images', split, images: named } : undefined
  },
  'starting-weights'({ source, taken, left, anew }) {
    if (typeof source !== 'string' || !isTexts(taken) || !isTexts(left) || !isTexts(anew)) return undefined
    return { type: 'starting-weights', source, taken, left, anew }
  },
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

const isKnown = (type: string): type is RunRecord['type'] => Object.hasOwn(readers, type)

/**
 * Reads a line of `metrics.jsonl`: a record; `foreign` for one of a type that this version does not know; undefined for what is no record
 * at all.
 */
export function parseRecord(line: string): RunRecord | 'foreign' | undefined {
  let fields: unknown
  try {
    fields = parseJson(line)
  } catch {
    return undefined
  }
  if (!isJsonObject(fields) || typeof fields.type !== 'string') return undefined
  return isKnown(fields.type) ? readers[fields.type](fields) : 'foreign'
}

type Numbers<Name extends string> = { readonly [Each in Name]: number }

function scoreOf(value: unknown): Score | undefined {
  if (!isJsonObject(value)) return undefined
  const counts = countsOf(value, ['samples'])
  const numbers = numbersOf(value, ['loss', 'top1', 'top5'])
  const metrics = metricsOf(value.metrics)
  if (!counts || !numbers || (value.metrics !== undefined && !metrics)) return undefined
  return { ...counts, ...numbers, ...(metrics === undefined ? {} : { metrics }) }
}

function trainingScoreOf(value: unknown): TrainingScore | undefined {
  const score = scoreOf(value)
  const norm = isJsonObject(value) ? gradientNormOf(value) : undefined
  return score && norm && { ...score, ...norm }
}

/** Empty where none was recorded. */
function gradientNormOf({ gradientNorm }: JsonObject): Pick<StepRecord, 'gradientNorm'> | undefined {
  if (gradientNorm === undefined) return {}
  return typeof gradientNorm === 'number' && Number.isFinite(gradientNorm) ? { gradientNorm } : undefined
}

/** Values by name: each a finite number, or a list of them. */
function metricsOf(value: unknown): Score['metrics'] {
  if (!isJsonObject(value)) return undefined
  const isValue = (each: unknown): each is number | readonly number[] =>
    Array.isArray(each) ? each.every(Number.isFinite) : Number.isFinite(each)
  const entries = Object.entries(value).flatMap(([name, each]) => (isValue(each) ? [[name, each] as const] : []))
  return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined
}

/** The scores by weights and by their averages. */
function bothScoresOf(value: unknown): EpochRecord['validationOf'] {
  if (!isJsonObject(value)) return undefined
  const current = scoreOf(value.current)
  const average = scoreOf(value.average)
  return current && average && { current, average }
}

function countsOf<const Name extends string>(fields: JsonObject, names: readonly Name[]): Numbers<Name> | undefined {
  const numbers = numbersOf(fields, names)
  return names.every((name) => Number.isSafeInteger(fields[name]) && Number(fields[name]) >= 0) ? numbers : undefined
}

function numbersOf<const Name extends string>(fields: JsonObject, names: readonly Name[]): Numbers<Name> | undefined {
  const numbers = names.flatMap((name) => {
    const value = fields[name]
    return typeof value === 'number' && Number.isFinite(value) ? [[name, value] as const] : []
  })
  const isWhole = (found: Readonly<Record<string, number>>): found is Numbers<Name> =>
    names.every((name) => name in found)
  const found = Object.fromEntries(numbers)
  return isWhole(found) ? found : undefined
}
