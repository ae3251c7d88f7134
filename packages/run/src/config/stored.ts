import { ConvzooError, type Preprocessing } from '@convzoo/core'
import { describeValue, formatShape, sameShape } from '@convzoo/core/define'
import type { MeanImage, RunFolder } from '@convzoo/trainer'
import type { PlannedSettings, RunPlan } from '../plan.js'
import { completeConfig, type Definitions, sectionNames } from './config.js'
import { fromEarlier, isEarlier, withNamesOfToday } from './earlier.js'

/** The form in which configurations are written. */
const format = 'run/v2'

type Json = Readonly<Record<string, unknown>>

/** What a run found out and cannot know otherwise when it is opened again. */
interface Made {
  readonly classes?: unknown
  readonly classNames?: unknown
  readonly fingerprint?: unknown
  readonly preprocessing?: unknown
}

/** The mean image that is subtracted in a run, if one is. */
export function meanImageOf({ preprocessing: { mean }, settings }: RunPlan): MeanImage | undefined {
  const { input } = settings.network
  return mean.length > input[2] ? { shape: input, data: Float32Array.from(mean) } : undefined
}

/**
 * A run as `config.json` holds it: its configuration, complete, by which it can be repeated; and under `made` what it found out, with the
 * name of a file instead of a mean image.
 */
export function encodePlan(plan: RunPlan, meanImageFile: string, architecture: object): object {
  const { settings, classes, classNames, fingerprint, preprocessing } = plan
  const mean = meanImageOf(plan) === undefined ? preprocessing.mean : meanImageFile
  // What was fitted stands in a file of its own.
  const { whitening: { fitted: _, ...asked } = {} } = preprocessing
  const whitening = preprocessing.whitening === undefined ? undefined : asked
  const seen = { ...preprocessing, mean, whitening }
  const made = { ...architecture, classes, classNames, fingerprint, preprocessing: seen }
  const sections = Object.fromEntries(sectionNames.map((name) => [name, settings[name]]))
  // What is undefined is left out.
  const stored: object = JSON.parse(JSON.stringify({ format, ...sections, made }))
  return stored
}

/**
 * Reads what a run was planned as, with its mean image where it names one, and what whitens its pictures; also of runs of earlier versions.
 *
 * @throws ConvzooError of kind `option` or `file` if something is missing or of another kind.
 */
export async function readPlan(folder: RunFolder, definitions: Definitions): Promise<RunPlan> {
  const plan = await readPlanned(folder, definitions)
  const { whitening } = plan.preprocessing
  if (whitening === undefined) return plan
  const fitted = await folder.readWhitening()
  return { ...plan, preprocessing: { ...plan.preprocessing, whitening: { ...whitening, fitted } } }
}

/**
 * A run's configuration as it is written, in today's form; nothing that it names need be installed.
 *
 * @throws ConvzooError of kind `file` if it cannot be read, is of a later version, or lacks what every run writes.
 */
export async function readStored(folder: RunFolder): Promise<Json> {
  const stored = await folder.readConfig()
  requireFormat(stored)
  const config: Json = isEarlier(stored) ? fromEarlier(stored) : withNamesOfToday(stored)
  requireWritten(config)
  return config
}

async function readPlanned(folder: RunFolder, definitions: Definitions): Promise<RunPlan> {
  const config = await readStored(folder)
  const made: Made = isObject(config.made) ? config.made : {}
  const { preprocessing } = made
  if (!isObject(preprocessing) || typeof preprocessing.mean !== 'string') return decodePlan(config, made, definitions)
  const { shape, data } = await folder.readMeanImage(preprocessing.mean)
  const mean = Array.from(data)
  const decoded = await decodePlan(config, { ...made, preprocessing: { ...preprocessing, mean } }, definitions)
  const { input } = decoded.settings.network
  if (sameShape(shape, input)) return decoded
  throw new ConvzooError({
    kind: 'file',
    message: `The mean image of the run in ${folder.path} is not of the size of its input.`,
    expected: formatShape(input),
    received: formatShape(shape),
    hint: 'put the file of this run back, or train anew',
  })
}

/** A run of a later version may mean something else by the same words. */
function requireFormat(stored: Json): void {
  if (isEarlier(stored) || stored.format === format) return
  throw new ConvzooError({
    kind: 'file',
    message: 'The configuration of the run is written in a format that this version does not know.',
    expected: `"format": "${format}", or none of a run of an earlier version`,
    received: describeValue(stored.format),
    hint: 'use the version of convzoo that wrote it, or a later one',
  })
}

/** What every run writes: without it a default would be taken that may be another one. */
const written = [
  'network.id',
  'network.input',
  'data.source',
  'optimizer.name',
  'optimizer.learningRate',
  'schedule.name',
  'training.epochs',
  'training.batchSize',
  'training.validateEvery',
  'training.seed',
  'engine.name',
  'engine.device',
]

function requireWritten(config: Json): void {
  for (const path of written) {
    const [section = '', name = ''] = path.split('.')
    const settings = config[section]
    const value = isObject(settings) ? settings[name] : undefined
    if (value === undefined || value === null) throw lacks(path, value)
  }
}

async function decodePlan(config: Json, made: Made, definitions: Definitions): Promise<RunPlan> {
  const settings = await completeConfig(config, definitions).catch((error: unknown) => {
    throw damaged(error)
  })
  const { classes } = made
  if (typeof classes !== 'number' || !Number.isSafeInteger(classes) || classes < 1) throw lacks('made.classes', classes)
  return {
    settings: plannedSettings(settings),
    classes,
    preprocessing: preprocessingIn(made),
    ...knownIn(made, 'classNames', isNames),
    ...knownIn(made, 'fingerprint', isText),
  }
}

function plannedSettings(settings: Awaited<ReturnType<typeof completeConfig>>): PlannedSettings {
  const { input } = settings.network
  if (input === undefined) throw lacks('network.input', input)
  return { ...settings, network: { ...settings.network, input } }
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === 'string'

const isNames = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)

/** What a run of an earlier version may lack. What stands there in another form is damaged: without it nothing would be checked. */
function knownIn<Name extends keyof Made, T>(
  made: Made,
  name: Name,
  is: (value: unknown) => value is T,
): { readonly [N in Name]?: T } {
  const value = made[name] ?? undefined
  if (value === undefined) return {}
  if (!is(value)) throw lacks(`made.${name}`, value)
  const known: { [N in Name]?: T } = {}
  known[name] = value
  return known
}

/** What stands there was checked when the run was made, and is again by the dataset that takes it. */
function preprocessingIn({ preprocessing }: Made): Preprocessing {
  const isPreprocessing = (value: unknown): value is Preprocessing =>
    isObject(value) && 'resize' in value && Array.isArray(value.mean) && Array.isArray(value.standardDeviation)
  if (isPreprocessing(preprocessing)) return preprocessing
  throw lacks('made.preprocessing', preprocessing)
}

/** What is wrong with a configuration that a run once took. */
function damaged(error: unknown): unknown {
  if (!ConvzooError.isInstance(error) || error.kind !== 'option') return error
  const { message, ...fields } = error.toFields()
  return new ConvzooError({ ...fields, message: `The config.json of the run cannot be used. ${message}`, cause: error })
}

function lacks(name: string, value: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `The configuration of the run lacks "${name}".`,
    expected: 'a config.json that a run wrote',
    received: JSON.stringify(value) ?? 'nothing',
  })
}
