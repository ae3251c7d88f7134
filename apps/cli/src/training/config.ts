import { ConvzooError, type ImageShape } from '@convzoo/core'
import { wholeNumber } from '../terminal/arguments.js'
import { optionOf, type SettingName, settingNames, type TrainingSettings, trainingFlags } from './flags.js'

/** What `config.json` says of a run. */
export interface RunConfig {
  /** `name.tag`. */
  readonly id: string
  readonly classes: number
  readonly settings: TrainingSettings & { readonly input: ImageShape }
}

type Config = Readonly<Record<string, unknown>>

/** A run's configuration as `config.json` holds it: each setting as the command line writes it. */
export function encodeConfig({ id, classes, settings }: RunConfig, more: object): object {
  const written = settingNames.map((name) => [name, writtenValue(settings[name])] as const)
  return { id, classes, ...more, ...Object.fromEntries(written) }
}

/**
 * Reads a run's configuration.
 *
 * @throws ConvzooError of kind `option` or `file` if something is missing or of another kind.
 */
export function decodeConfig(config: Config): RunConfig {
  const settings = Object.fromEntries(settingNames.map((name) => [name, settingOf(config, name)])) as TrainingSettings
  const { input } = settings
  if (input === undefined) throw lacks('input', config.input)
  return {
    id: textOf(config, 'id'),
    classes: wholeNumber(inConfig('classes'), 1)(textOf(config, 'classes')),
    settings: { ...settings, input },
  }
}

/**
 * The settings of a run that goes on: those of its configuration, and what was given anew.
 *
 * @throws ConvzooError of kind `option` if something was given anew that a run must keep.
 */
export function renewedSettings(
  saved: RunConfig['settings'],
  given: TrainingSettings,
  isGiven: (name: SettingName) => boolean,
): RunConfig['settings'] {
  const changed = settingNames.filter(
    (name) => isGiven(name) && String(writtenValue(given[name])) !== String(writtenValue(saved[name])),
  )
  const kept = changed.filter((name) => !trainingFlags[name].renewable)
  if (kept.length > 0) {
    const list = (settings: TrainingSettings): string =>
      kept.map((name) => `${optionOf(name)} ${writtenValue(settings[name]) ?? 'not given'}`).join(' ')
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

const inConfig = (name: string): string => `"${name}" of config.json`

function settingOf(config: Config, name: SettingName): unknown {
  const { fallback, read } = trainingFlags[name]
  if (config[name] === null && fallback === undefined) return undefined
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
