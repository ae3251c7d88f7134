import { ConvzooError, formatShape, type ImageShape, type Preprocessing, sameShape } from '@convzoo/core'
import type { MeanImage, RunFolder } from '@convzoo/trainer'
import { wholeNumber } from '../terminal/arguments.js'
import { optionOf, type SettingName, settingNames, type TrainingSettings, trainingFlags } from './flags.js'

/** What `config.json` says of a run. */
export interface RunConfig {
  /** `name.tag`. */
  readonly id: string
  readonly classes: number
  /** How a picture becomes an input, in training and later. */
  readonly preprocessing: Preprocessing
  /** In the order of the network's output, where they are known. */
  readonly classNames?: readonly string[]
  /** Of all its images, by which they are known again. */
  readonly fingerprint?: string
  readonly settings: RunSettings
}

/** Settings of which none is missing that a run needs. */
export type RunSettings = TrainingSettings & { readonly input: ImageShape; readonly data: string }

type Config = Readonly<Record<string, unknown>>

/** The mean image that is subtracted in a run, if one is. */
export function meanImageOf({ preprocessing: { mean }, settings: { input } }: RunConfig): MeanImage | undefined {
  return mean.length > input[2] ? { shape: input, data: Float32Array.from(mean) } : undefined
}

/**
 * A run's configuration as `config.json` holds it: each setting as the command line writes it, and the name of a file instead of a
 * mean image.
 */
export function encodeConfig(config: RunConfig, meanImageFile: string, more: object): object {
  const { id, classes, classNames, fingerprint, preprocessing, settings } = config
  const written = settingNames.map((name) => [name, writtenValue(settings[name])] as const)
  const mean = meanImageOf(config) === undefined ? preprocessing.mean : meanImageFile
  const known = { id, classes, classNames, fingerprint, preprocessing: { ...preprocessing, mean } }
  return { ...known, ...more, ...Object.fromEntries(written) }
}

/**
 * Reads a run's configuration, and its mean image where it names one.
 *
 * @throws ConvzooError of kind `option` or `file` if something is missing or of another kind.
 */
export async function readRunConfig(folder: RunFolder): Promise<RunConfig> {
  const config = await folder.readConfig()
  const { preprocessing } = config
  if (!isObject(preprocessing) || typeof preprocessing.mean !== 'string') return decodeConfig(config)
  const { shape, data } = await folder.readMeanImage(preprocessing.mean)
  const decoded = decodeConfig({ ...config, preprocessing: { ...preprocessing, mean: Array.from(data) } })
  const { input } = decoded.settings
  if (sameShape(shape, input)) return decoded
  throw new ConvzooError({
    kind: 'file',
    message: `The mean image of the run in ${folder.path} is not of the size of its input.`,
    expected: formatShape(input),
    received: formatShape(shape),
    mend: 'put the file of this run back, or train anew',
  })
}

function decodeConfig(config: Config): RunConfig {
  const settings = Object.fromEntries(settingNames.map((name) => [name, settingOf(config, name)])) as TrainingSettings
  const { input } = settings
  // A run of an earlier version names a set by itself.
  const data = settings.data ?? (config.dataset === undefined ? undefined : textOf(config, 'dataset'))
  if (input === undefined) throw lacks('input', config.input)
  if (data === undefined) throw lacks('data', config.data)
  return {
    id: textOf(config, 'id'),
    classes: wholeNumber(inConfig('classes'), 1)(textOf(config, 'classes')),
    preprocessing: preprocessingIn(config),
    ...knownIn(config, 'classNames', isNames),
    ...knownIn(config, 'fingerprint', isText),
    settings: { ...settings, input, data },
  }
}

/**
 * The settings of a run that goes on: those of its configuration, and what was given anew.
 *
 * @throws ConvzooError of kind `option` if something was given anew that a run must keep.
 */
export function renewedSettings(
  saved: RunSettings,
  given: TrainingSettings,
  isGiven: (name: SettingName) => boolean,
): RunSettings {
  const changed = changedSettings(saved, given).filter(isGiven)
  const kept = changed.filter((name) => !trainingFlags[name].renewable)
  if (kept.length > 0) {
    const list = (settings: TrainingSettings): string => kept.map((name) => writtenSetting(settings, name)).join(' ')
    throw new ConvzooError({
      kind: 'option',
      message: 'A run that is resumed keeps what it was started with.',
      expected: list(saved),
      received: list(given),
      mend: 'leave these options out, or start a new run',
    })
  }
  return { ...saved, ...Object.fromEntries(changed.map((name) => [name, given[name]])) }
}

/** The names of the settings that differ. */
export const changedSettings = (saved: TrainingSettings, now: TrainingSettings): readonly SettingName[] =>
  settingNames.filter((name) => String(writtenValue(now[name])) !== String(writtenValue(saved[name])))

/** `--epochs 2`. */
export const writtenSetting = (settings: TrainingSettings, name: SettingName): string =>
  `${optionOf(name)} ${writtenValue(settings[name]) ?? 'not given'}`

const isObject = (value: unknown): value is Config => typeof value === 'object' && value !== null

const isText = (value: unknown): value is string => typeof value === 'string'

const isNames = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)

/** What a run of an earlier version may lack. What stands there in another form is damaged: without it nothing would be checked. */
function knownIn<Name extends string, T>(
  config: Config,
  name: Name,
  is: (value: unknown) => value is T,
): { readonly [N in Name]?: T } {
  const value = config[name] ?? undefined
  if (value === undefined) return {}
  if (!is(value)) throw lacks(name, value)
  const known: { [N in Name]?: T } = {}
  known[name] = value
  return known
}

/** What stands there was checked when the run was made, and is again by the dataset that takes it. */
function preprocessingIn({ preprocessing }: Config): Preprocessing {
  const isPreprocessing = (value: unknown): value is Preprocessing =>
    isObject(value) && 'resize' in value && Array.isArray(value.mean) && Array.isArray(value.standardDeviation)
  if (isPreprocessing(preprocessing)) return preprocessing
  throw lacks('preprocessing', preprocessing)
}

const inConfig = (name: string): string => `"${name}" of config.json`

function settingOf(config: Config, name: SettingName): unknown {
  const { fallback, read } = trainingFlags[name]
  if ((config[name] ?? null) === null && fallback === undefined) return undefined
  return read(inConfig(name))(textOf(config, name))
}

function textOf(config: Config, name: string): string {
  const value = config[name]
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw lacks(name, value)
}

function lacks(name: string, value: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `The configuration of the run lacks "${name}".`,
    expected: 'a config.json that `convzoo train` wrote',
    received: String(value),
  })
}

function writtenValue(value: TrainingSettings[SettingName]): string | number | boolean | null {
  if (value === undefined) return null
  return typeof value === 'object' ? value.join('x') : value
}
