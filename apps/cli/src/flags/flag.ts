import { type AnyOption, describeValue, invalid, type JsonSchema, unusableOption } from '@convzoo/core/define'

/** A flag of the command line that says one setting of a run. */
export interface Flag {
  /** `--batch-size`. */
  readonly name: string
  /** Where it stands in a configuration: `training.batchSize`. */
  readonly path: string
  /** The heading in `--help`. */
  readonly group: string
  readonly description: string
  /** What stands for its value in `--help`: `<number>`; nothing for what is on or off. */
  readonly value: string | undefined
  /** Reads its text into what a configuration holds. */
  readonly read: (text: string) => unknown
  /** Of an option of what is chosen by name: which have it, which one is chosen, and whether that has none of it. */
  readonly owners?: readonly string[]
  readonly choice?: string
  readonly isUnused?: boolean
  readonly isHidden?: boolean
}

/** The flag of an option. */
export function flagOf(name: string, path: string, group: string, option: AnyOption): Flag {
  const value = option.fallback === true ? '<true|false>' : valueName(option.schema)
  return {
    name,
    path,
    group,
    description: descriptionOf(option),
    value,
    read: (text) => readValue(name, option, text),
  }
}

/** `factor of the velocity (0.9)`. */
function descriptionOf({ description = '', required, fallback }: AnyOption): string {
  const isShown = !required && fallback !== undefined && typeof fallback !== 'object' && fallback !== false
  return isShown && !description.endsWith(')') ? `${description} (${fallback})` : description
}

const types = (schema: JsonSchema | undefined): readonly (string | undefined)[] =>
  schema?.anyOf === undefined ? [schema?.type] : schema.anyOf.flatMap(types)

function valueName(schema: JsonSchema | undefined): string | undefined {
  const known = types(schema)
  if (schema?.enum !== undefined) return '<name>'
  if (known.includes('boolean')) return undefined
  if (known.includes('number') || known.includes('integer')) return '<number>'
  if (known.includes('array')) return '<list>'
  return known.includes('object') ? '<json>' : '<text>'
}

/**
 * Reads what stands behind a flag.
 *
 * @throws ConvzooError of kind `option` that names the flag, if the option does not allow it.
 */
function readValue(flag: string, option: AnyOption, text: string): unknown {
  const value = written(option.schema, text)
  if (option.parse(value, flag) !== invalid) return value
  const hint = option.hint?.(value)
  throw unusableOption(flag, {
    expected: option.expected,
    received: text === '' ? describeValue(text) : text,
    ...(hint === undefined ? {} : { hint }),
  })
}

function written(schema: JsonSchema | undefined, text: string): unknown {
  const known = types(schema)
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text))
  if (isNumber && (known.includes('number') || known.includes('integer'))) return Number(text)
  if (known.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if (known.includes('array') && !known.includes('string')) return text.split(',').map((part) => numberOr(part.trim()))
  if (known.includes('object') && text.startsWith('{')) return jsonOr(text)
  return text
}

const numberOr = (text: string): unknown => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : text)

function jsonOr(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return text
  }
}
