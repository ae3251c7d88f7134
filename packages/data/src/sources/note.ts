import { printable } from '@convzoo/core/define'

/** Named in a note; the others are counted. */
const mostNamed = 5

/** UTF-16 units of a name in a note. */
const longestName = 160

/** A few names as they stand in a sentence: `a, b and c`, or `a, b, c, d, e and 7 more`. */
export function someNames(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).map((name) => printable(name, longestName))
  const more = names.length - shown.length
  const last = more > 0 ? `${more} more` : shown.pop()
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`
}
