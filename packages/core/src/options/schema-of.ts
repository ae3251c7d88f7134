import type { JsonSchema } from './json-schema.js'
import { optionKinds } from './kinds.js'
import { type AnyOption, invalid, isOption, unfit } from './options.js'

/**
 * How JSON writes an object of these options: what an editor completes and checks. Options that JSON cannot hold, such as functions, are
 * left out.
 *
 * @example
 * jsonSchemaOf(defineOptions({ momentum: optional(numberIn(0, 1), 0.9) }).kinds)
 * // { type: 'object', properties: { momentum: { type: 'number', …, default: 0.9 } }, required: [], additionalProperties: false }
 */
export function jsonSchemaOf(kinds: Readonly<Record<string, AnyOption>>): JsonSchema {
  if (optionKinds.parse(kinds, '') === invalid) throw unfit('kinds', 'jsonSchemaOf', optionKinds.expected, kinds)
  const known = Object.entries(kinds).flatMap(([name, option]) => {
    const schema = schemaOf(option)
    return schema === undefined ? [] : [{ name, option, schema }]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(known.map(({ name, schema }) => [name, schema])),
    required: known.filter(({ option }) => option.required).map(({ name }) => name),
    additionalProperties: false,
  }
}

/** How JSON writes one option, with what it is for and what stands for it where nothing is said. */
export function schemaOf(option: AnyOption): JsonSchema | undefined {
  if (!isOption(option)) throw unfit('option', 'schemaOf', 'an option, such as integer(1)', option)
  const { schema, description, required, fallback } = option
  if (schema === undefined) return undefined
  return {
    ...schema,
    ...(description === undefined ? {} : { description }),
    ...(required || fallback === undefined ? {} : { default: fallback }),
  }
}
