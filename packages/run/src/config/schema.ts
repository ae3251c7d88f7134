import { type JsonSchema, jsonSchemaOf, schemaOf } from '@convzoo/core'
import type { Definition } from '../plugins/definition.js'
import type { ChoiceKind } from './config.js'
import {
  checkpointsSection,
  dataSection,
  engineSection,
  networkSection,
  scheduleSection,
  trainingSection,
} from './sections.js'

/** What can be chosen, by kind. */
export type Choices = { readonly [Kind in ChoiceKind]: readonly Definition[] }

const optionalParts = (schema: JsonSchema): JsonSchema => ({ ...schema, required: [] })

/** The first setting of a section may stand alone. */
const orText = (description: string, section: JsonSchema): JsonSchema => ({
  description,
  anyOf: [{ type: 'string', minLength: 1 }, section],
})

/** One of the definitions: its name alone, or with its options. */
function choiceOf(definitions: readonly Definition[], beside: JsonSchema['properties'] = {}): readonly JsonSchema[] {
  return [
    { enum: definitions.map(({ name }) => name) },
    ...definitions.map(({ name, title, options }): JsonSchema => {
      const own = jsonSchemaOf(options)
      const properties = { name: { const: name, description: title }, ...own.properties, ...beside }
      return { ...own, title: name, properties, required: ['name', ...(own.required ?? [])] }
    }),
  ]
}

/**
 * How JSON or YAML writes the configuration of a run, for editors and for programs that write one.
 *
 * @param choices What can be chosen by name: ours, and what plugins provide.
 */
export function configSchema({ optimizer, schedule, loss, engine, callback }: Choices): JsonSchema {
  const own = (section: { readonly kinds: Parameters<typeof jsonSchemaOf>[0] }): JsonSchema['properties'] =>
    Object.fromEntries(
      Object.entries(section.kinds).flatMap(([name, option]) => {
        const schema = schemaOf(option)
        return schema === undefined ? [] : [[name, schema]]
      }),
    )
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A convzoo training run',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      network: orText('which network', jsonSchemaOf(networkSection.kinds)),
      data: orText('what to train on', jsonSchemaOf(dataSection.kinds)),
      optimizer: { description: 'how weights follow their gradients', anyOf: choiceOf(optimizer) },
      schedule: { description: 'the learning rate over the run', anyOf: choiceOf(schedule, own(scheduleSection)) },
      loss: { description: 'how wrong an output is', anyOf: choiceOf(loss) },
      training: optionalParts(jsonSchemaOf(trainingSection.kinds)),
      checkpoints: optionalParts(jsonSchemaOf(checkpointsSection.kinds)),
      engine: { description: 'what it runs on', anyOf: choiceOf(engine, own(engineSection)) },
      callbacks: { type: 'array', items: { anyOf: choiceOf(callback) } },
      format: { type: 'string', description: 'of config.json in a run' },
      made: { type: 'object', description: 'what a run found out; of no effect for another run' },
    },
    required: ['network', 'data'],
    additionalProperties: false,
  }
}
