import { type AnyOption, type JsonSchema, jsonSchemaOf, schemaOf } from '@convzoo/core/define'
import type { Definition } from '../plugins/definition.js'
import { type ChoiceKind, usual } from './config.js'
import { optimizerDefaults } from './optimizer-defaults.js'
import {
  checkpointsSection,
  dataSection,
  engineSection,
  networkSection,
  scheduleSection,
  trainingSection,
} from './sections.js'

/** What a schema says of something that is chosen by name. */
export type Described = Pick<Definition, 'name' | 'title' | 'options' | 'isOpen'>

/** What can be chosen, by kind. */
export type Choices = { readonly [Kind in ChoiceKind]: readonly Described[] }

type Properties = Readonly<Record<string, JsonSchema>>

const optionalParts = (schema: JsonSchema): JsonSchema => ({ ...schema, required: [] })

/** The first setting of a section may stand alone. */
const orText = (description: string, section: JsonSchema): JsonSchema => ({
  description,
  anyOf: [{ type: 'string', minLength: 1 }, section],
})

/** What stands beside the name of one choice. */
interface Beside {
  /** Settings that are the run's, whichever is chosen. */
  readonly properties?: Properties
  /** The name that is meant where none is said. */
  readonly unsaid?: string
  /** What a run takes for options where nothing is said, by the name of the choice. */
  readonly defaults?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Whether names are taken besides those that are known: of plugins. */
  readonly isOpen: boolean
}

/** One of the definitions: its name alone, or with its options. */
function choiceOf(definitions: readonly Described[], beside: Beside): readonly JsonSchema[] {
  const names = definitions.map(({ name }) => name)
  const other = { type: 'string', pattern: `^(?!(?:${names.join('|')})$).` } as const
  return [
    { enum: names },
    ...definitions.map((definition) => chosen(definition, beside)),
    ...(beside.isOpen
      ? [
          other,
          {
            type: 'object',
            title: 'of a plugin',
            properties: { name: other, ...beside.properties },
            required: ['name'],
          } as const,
        ]
      : []),
  ]
}

function chosen({ name, title, options, isOpen = false }: Described, beside: Beside): JsonSchema {
  const { properties, required = [] } = jsonSchemaOf(options)
  const taken = beside.defaults?.[name] ?? {}
  const own = Object.entries({ ...properties }).map(([option, schema]) => {
    const value = Object.hasOwn(taken, option) ? { default: taken[option] } : {}
    return [option, { ...schema, ...value }] as const
  })
  const needed = required.filter((option) => !Object.hasOwn(taken, option))
  return {
    type: 'object',
    title: name,
    properties: { name: { const: name, description: title }, ...Object.fromEntries(own), ...beside.properties },
    required: name === beside.unsaid ? needed : ['name', ...needed],
    additionalProperties: isOpen,
  }
}

const propertiesOf = ({ kinds }: { readonly kinds: Readonly<Record<string, AnyOption>> }): Properties =>
  Object.fromEntries(
    Object.entries(kinds).flatMap(([name, option]) => {
      const schema = schemaOf(option)
      return schema === undefined ? [] : [[name, schema]]
    }),
  )

/** A metric with its options behind colons. */
const metricText = { type: 'string', pattern: '^[^:]+(:[^:=]+=[^:]+)+$' } as const satisfies JsonSchema

/**
 * How JSON or YAML writes the configuration of a run, for editors and for programs that write one.
 *
 * @param choices What can be chosen by name: ours, and what plugins provide.
 * @param isOpen Whether other names may be chosen, too, with any options.
 */
export function configSchema(choices: Choices, isOpen: boolean): JsonSchema {
  const { optimizer, schedule, loss, engine, callback, metric } = choices
  const optimizers = choiceOf(optimizer, { isOpen, unsaid: usual.optimizer, defaults: optimizerDefaults })
  const rates = choiceOf(schedule, { isOpen, unsaid: usual.schedule, properties: propertiesOf(scheduleSection) })
  const engines = choiceOf(engine, { isOpen, unsaid: usual.engine, properties: propertiesOf(engineSection) })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A convzoo training run',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      network: orText('which network', jsonSchemaOf(networkSection.kinds)),
      data: orText('what to train on', jsonSchemaOf(dataSection.kinds)),
      optimizer: { description: 'how weights follow their gradients', anyOf: optimizers },
      schedule: { description: 'the learning rate over the run', anyOf: rates },
      loss: { description: 'how wrong an output is', anyOf: choiceOf(loss, { isOpen, unsaid: usual.loss }) },
      training: optionalParts(jsonSchemaOf(trainingSection.kinds)),
      checkpoints: optionalParts(jsonSchemaOf(checkpointsSection.kinds)),
      engine: { description: 'what it runs on', anyOf: engines },
      callbacks: { type: 'array', items: { anyOf: choiceOf(callback, { isOpen }) } },
      metrics: { type: 'array', items: { anyOf: [...choiceOf(metric, { isOpen }), metricText] } },
      format: { type: 'string', description: 'of config.json in a run' },
      made: { type: 'object', description: 'what a run found out; of no effect for another run' },
    },
    required: ['network', 'data'],
    additionalProperties: false,
  }
}
