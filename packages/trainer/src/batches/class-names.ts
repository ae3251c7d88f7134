import { ConvzooError, type ErrorKind } from '@convzoo/core'
import { describeValue, printable } from '@convzoo/core/define'
import { listed } from '../listed.js'

/** One letter can be written in several ways (é as one character or as two); by name they are one class. */
const keyOf = (name: string): string => name.normalize('NFC')

/** Names in a message, in quotation marks: a space at the end of one can be the difference. */
const quoted = (names: readonly string[]): string => listed(names.map((name) => JSON.stringify(name)))

/**
 * Names of classes from outside, checked: texts, each once.
 *
 * @param whose Begins a sentence: `The option "classes"`, `The dataset fruit`.
 * @throws ConvzooError of that kind.
 */
export function checkedClassNames(names: unknown, whose: string, kind: ErrorKind): readonly string[] {
  if (!Array.isArray(names)) {
    throw new ConvzooError({
      kind,
      message: `${whose} has no list of classes.`,
      expected: 'the names of the classes, in their order',
      received: describeValue(names),
    })
  }
  const list: readonly unknown[] = names
  const isText = (name: unknown): name is string => typeof name === 'string'
  const texts = list.filter(isText)
  if (texts.length < list.length) {
    const place = list.findIndex((name) => !isText(name))
    throw new ConvzooError({
      kind,
      message: `${whose} has classes whose names are no texts.`,
      expected: 'a text for each class',
      received: `${describeValue(list[place])} as class ${place}`,
      hint: 'name the classes; labels meet a network by name',
    })
  }
  if (texts.length === 0 || texts.includes('')) {
    throw new ConvzooError({
      kind,
      message: texts.length === 0 ? `${whose} has no classes.` : `${whose} has a class without a name.`,
      expected: 'a name for each class',
      received: texts.length === 0 ? 'an empty list' : `an empty text as class ${texts.indexOf('')}`,
      hint: 'name the classes; labels meet a network by name',
    })
  }
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const name of texts) (seen.has(keyOf(name)) ? twice : seen).add(keyOf(name))
  if (twice.size > 0) {
    throw new ConvzooError({
      kind,
      message: `${whose} has several classes of one name.`,
      expected: 'a name for each class',
      received: `more than once: ${quoted([...twice])}`,
      hint: 'give each class a name of its own, or make one class of those of one name',
    })
  }
  return Object.freeze([...texts])
}

/** Whether two lists name the same classes in the same order. */
export const areSameClasses = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, place) => keyOf(name) === keyOf(other[place] ?? ''))

/** How the classes of a dataset meet those of a model. */
export interface MetClasses {
  /** The place of each of the dataset's classes among the model's. */
  readonly places: readonly number[]
  /** Classes of the model that the dataset has not. */
  readonly missing: readonly string[]
}

/**
 * Finds the classes of a dataset among those of a model, by name.
 *
 * @param some Whether the dataset may lack some of them, as one may that is only evaluated.
 * @throws ConvzooError of kind `data` that names the classes that are missing and those that are unknown.
 */
export function meetClasses(
  dataset: { readonly name: string; readonly classes: readonly string[] },
  classes: readonly string[],
  some: boolean,
): MetClasses {
  const placeOf = new Map(classes.map((name, place) => [keyOf(name), place]))
  const own = new Set(dataset.classes.map(keyOf))
  const missing = classes.filter((name) => !own.has(keyOf(name)))
  const unknown = dataset.classes.filter((name) => !placeOf.has(keyOf(name)))
  if (unknown.length === 0 && (some || missing.length === 0)) {
    return { places: dataset.classes.map((name) => placeOf.get(keyOf(name)) ?? -1), missing }
  }
  throw new ConvzooError({
    kind: 'data',
    message: `The classes of ${printable(dataset.name)} are not those of the network.`,
    expected: `${some ? 'some of the' : 'the'} ${classes.length} classes ${quoted(classes)}, in any order`,
    received: [
      ...(missing.length === 0 || (some && unknown.length === 0) ? [] : [`missing ${quoted(missing)}`]),
      ...(unknown.length === 0 ? [] : [`unknown ${quoted(unknown)}`]),
    ].join('; '),
    hint: 'give the classes the names that the network was trained with, or train a network on these',
  })
}

/** What to say of classes that met, a line each. */
export function metClassesLines(name: string, { places, missing }: MetClasses): readonly string[] {
  const isInOrder = places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1))
  return [
    ...(isInOrder
      ? []
      : [`The classes of ${printable(name)} are in another order than the network's: they are matched by name.`]),
    ...(missing.length === 0
      ? []
      : [`${printable(name)} has no images of ${missing.length} classes of the network: ${quoted(missing)}.`]),
  ]
}
