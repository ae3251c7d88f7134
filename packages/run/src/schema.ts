import { boolean, defineOptions, type JsonSchema, optional } from '@convzoo/core/define'
import type { ChoiceKind } from './config/config.js'
import { configSchema, type Described } from './config/schema.js'
import { automatic, engineDefinition, engineNames } from './engine/engines.js'
import { installedDefinitions, namesOf } from './plugins/definitions.js'

export interface RunSchemaOptions {
  /**
   * Whether what plugins of the project provide is described; true by default. Without, names that are not known are taken, with any
   * options: the package's `schema.json` is that.
   */
  readonly plugins?: boolean | undefined
}

const schemaOptions = defineOptions({ plugins: optional(boolean, true) })

/**
 * The JSON schema (draft 2020-12) of a {@link RunConfig}, with the options of all that can be chosen by name here. A plugin that cannot be
 * loaded is left out.
 *
 * @throws ConvzooError of kind `option` for an unknown option or a bad value.
 * @example
 * await writeFile('convzoo.schema.json', JSON.stringify(await runSchema()))
 * // run.yaml: # yaml-language-server: $schema=convzoo.schema.json
 */
export async function runSchema(options: RunSchemaOptions = {}): Promise<JsonSchema> {
  const { plugins } = schemaOptions.parse('runSchema', options)
  const definitions = installedDefinitions()
  const all = async (kind: Exclude<ChoiceKind, 'engine'>): Promise<readonly Described[]> => {
    const names = namesOf(kind, plugins ? 'all' : 'own')
    const found = names.map((name) => definitions.find(kind, name).catch(() => undefined))
    return (await Promise.all(found)).filter((definition) => definition !== undefined)
  }
  return configSchema(
    {
      optimizer: await all('optimizer'),
      schedule: await all('schedule'),
      loss: await all('loss'),
      callback: await all('callback'),
      metric: await all('metric'),
      engine: plugins ? await installedEngines() : [await anyEngine()],
    },
    !plugins,
  )
}

async function installedEngines(): Promise<readonly Described[]> {
  const names = [automatic, ...engineNames()]
  const found = await Promise.all(names.map((name) => engineDefinition(name).catch(() => undefined)))
  return found.filter((definition) => definition !== undefined)
}

/** Whichever is chosen, of which nothing is known. */
async function anyEngine(): Promise<Described> {
  const { name, title } = await engineDefinition(automatic)
  return { name, title, options: {}, isOpen: true }
}
