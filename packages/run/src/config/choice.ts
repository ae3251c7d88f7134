import {
  type AnyOption,
  defineOptions,
  describeValue,
  fieldsOf,
  isOptionsObject,
  unusableOption,
} from '@convzoo/core/define'
import type { Chosen, Definition } from '../plugins/definition.js'

/**
 * A choice as an object: `'sgdw'` is `{ name: 'sgdw' }`. Without a name it is the usual one, with these options.
 *
 * @throws ConvzooError of kind `option` if it is neither.
 */
export function chosenOf(kind: string, choice: unknown, usual?: string): Chosen {
  if (choice === undefined && usual !== undefined) return { name: usual }
  if (typeof choice === 'string' && choice !== '') return { name: choice }
  if (isOptionsObject(choice)) {
    const { name = usual, ...options } = fieldsOf(choice)
    if (typeof name === 'string' && name !== '') return { name, ...options }
  }
  throw unusableOption(`"${kind}" of the configuration of a run`, {
    expected: 'a name, or an object with a name and options',
    received: describeValue(choice),
  })
}

/** A section whose first setting may stand alone: `'alexnet'` is `{ id: 'alexnet' }`. */
export function namedBy<Name extends string>(name: Name, section: unknown): { readonly [N in Name]: never } {
  return (typeof section === 'string' ? { [name]: section } : section) as { readonly [N in Name]: never }
}

/** A list of choices. */
export function listOf(
  section: 'callbacks' | 'metrics',
  list: unknown,
  usual: readonly unknown[] = [],
): readonly unknown[] {
  if (list === undefined) return usual
  if (Array.isArray(list)) return list
  throw unusableOption(`"${section}" of the configuration of a run`, {
    expected: 'a list of names, or of objects with a name and options',
    received: describeValue(list),
  })
}

/** A metric, which may also be written as `topK:k=3`: its name, and each option behind a colon. */
export function metricOf(choice: unknown): Chosen {
  if (typeof choice !== 'string') return chosenOf('metrics', choice)
  const [name = '', ...options] = choice.split(':')
  const entries = options.map((option) => {
    const [, key = '', value = ''] = /^([^=]+)=(.+)$/.exec(option) ?? []
    if (key !== '') return [key, valueIn(value)] as const
    throw unusableOption('"metrics" of the configuration of a run', {
      expected: 'a name, or a name with options such as topK:k=3',
      received: choice,
    })
  })
  return chosenOf('metrics', { ...Object.fromEntries(entries), name })
}

const valueIn = (text: string): unknown => {
  if (text === 'true' || text === 'false') return text === 'true'
  return Number.isFinite(Number(text)) ? Number(text) : text
}

/** The settings of a section, and the options of what it chooses, which stand beside them. */
export function partedBy<In>(
  section: { readonly kinds: Readonly<Record<string, AnyOption>>; parse(subject: string, input: In): unknown },
  choice: Chosen,
): { readonly own: In; readonly others: Chosen } {
  const names = Object.keys(section.kinds)
  const entries = Object.entries(choice)
  const own = Object.fromEntries(entries.filter(([name]) => names.includes(name))) as In
  const others = Object.fromEntries(entries.filter(([name]) => !names.includes(name)))
  return { own, others: { ...others, name: choice.name } }
}

/**
 * A choice under its full name, with the options that were left out, where JSON can write them: so that it means the same when defaults
 * change.
 *
 * @throws ConvzooError of kind `option` if there is none of that name, or an option is unknown or does not fit.
 */
export async function completeChoice<Kind extends string>(
  kind: Kind,
  { name: given, ...options }: Chosen,
  definitions: { find(kind: Kind, name: string): Promise<Definition> },
): Promise<Chosen> {
  const { name, options: kinds, isOpen = false } = await definitions.find(kind, given)
  const defaults = Object.entries(kinds).flatMap(([option, { schema, required, fallback }]) =>
    schema === undefined || required || fallback === undefined ? [] : [[option, fallback] as const],
  )
  if (!isOpen) defineOptions(kinds).parse(`${kind} ${name}`, options as never)
  return { name, ...Object.fromEntries(defaults), ...options }
}
