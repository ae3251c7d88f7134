import { ConvzooError } from '@convzoo/core'
import { describeValue, matching, messageOf } from '@convzoo/core/define'
import { parseJson, readRegularFile, requireUtf8, withoutMark } from '@convzoo/files'

/** Bytes: room for the names of a hundred thousand classes. */
const largest = 2 ** 24

const expected = 'the names of classes, a line each, or a list of them in JSON'

const isNames = (given: unknown): given is readonly string[] =>
  Array.isArray(given) && given.length > 0 && given.every((name) => typeof name === 'string' && name !== '')

/** Names of classes as an option: themselves, or the file that holds them. */
export const classesOption = matching(
  'a list of names, or the path of a file that holds them',
  (given): given is string | readonly string[] => (typeof given === 'string' && given !== '') || isNames(given),
)

/**
 * Names of classes, in the order of a network's outputs: those that are given, or those of a file.
 *
 * @throws ConvzooError of kind `file` if the file cannot be read or holds something else.
 */
export async function classNamesOf(given: string | readonly string[]): Promise<readonly string[]> {
  if (typeof given !== 'string') return given
  const bytes = await readRegularFile(given, { mostBytes: largest, expected })
  requireUtf8(given, bytes, expected)
  const text = withoutMark(bytes.toString('utf8'))
  const names = text.trimStart().startsWith('[') ? listIn(given, text) : linesIn(text)
  if (isNames(names)) return names
  throw unreadable(given, describeValue(names))
}

/** A line without text in between would be a class without a name; those at the end are none. */
const linesIn = (text: string): readonly string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim())

function listIn(path: string, text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw unreadable(path, messageOf(error))
  }
}

function unreadable(path: string, received: string): ConvzooError {
  return new ConvzooError({ kind: 'file', message: `${path} cannot be read as names of classes.`, expected, received })
}

/** Names of classes as they stand beside weights in a file, read again by {@link storedNames}. */
export const namesAsText = (names: readonly string[]): string => JSON.stringify(names)

/**
 * Names of classes that stand beside weights.
 *
 * @throws ConvzooError of kind `file` if what stands there is no list of names.
 */
export function storedNames(path: string, stored: string | undefined): readonly string[] | undefined {
  if (stored === undefined) return undefined
  const names = listIn(path, stored)
  if (isNames(names)) return names
  throw unreadable(path, describeValue(names))
}
