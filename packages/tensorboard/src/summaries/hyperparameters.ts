import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { isJsonObject, type JsonObject } from '@convzoo/files'
import { HParamsPluginDataSchema, type SessionStartInfoSchema, Status } from '../proto/hparams_pb.js'
import { pluginData, type Value } from './values.js'

type SettingValue = NonNullable<MessageInitShape<typeof SessionStartInfoSchema>['hparams']>[string]

const plugin = 'hparams'

/** What a run's configuration has beside its settings. */
const noSettings: ReadonlySet<string> = new Set(['format', 'made'])

/** A run begins: the settings of its configuration, each by its path, such as `optimizer.learningRate`. */
export function sessionStart(config: JsonObject): Value {
  const settings = Object.entries(config).filter(([name]) => !noSettings.has(name))
  const sessionStartInfo = { hparams: Object.fromEntries(settings.flatMap(settingsIn)), startTimeSecs: now() }
  const data = create(HParamsPluginDataSchema, { data: { case: 'sessionStartInfo', value: sessionStartInfo } })
  return pluginData('_hparams_/session_start_info', plugin, toBinary(HParamsPluginDataSchema, data))
}

/** It has come to its end. TensorBoard believes the first that is said, so nothing is said of a run that may go on. */
export function sessionEnd(): Value {
  const sessionEndInfo = { status: Status.SUCCESS, endTimeSecs: now() }
  const data = create(HParamsPluginDataSchema, { data: { case: 'sessionEndInfo', value: sessionEndInfo } })
  return pluginData('_hparams_/session_end_info', plugin, toBinary(HParamsPluginDataSchema, data))
}

const now = (): number => Date.now() / 1000

/** Numbers, texts and what is yes or no stay what they are; lists become texts. */
function settingsIn([path, value]: readonly [string, unknown]): readonly (readonly [string, SettingValue])[] {
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([name, inner]) => settingsIn([`${path}.${name}`, inner]))
  }
  if (typeof value === 'number') return [[path, { kind: { case: 'numberValue', value } }]]
  if (typeof value === 'boolean') return [[path, { kind: { case: 'boolValue', value } }]]
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text === undefined ? [] : [[path, { kind: { case: 'stringValue', value: text } }]]
}
