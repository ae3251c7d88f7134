import { printable } from '@convzoo/core/define'

/** UTF-16 units of a name on an axis. */
const longestLabel = 40

/** What XML cannot hold, besides the characters that `printable` writes as escapes. */
const foreignToXml = /[\ufffe\uffff]/g

/**
 * What axes call the classes: printable, cut, and never two alike. Those that look alike once they are cut, or written as they can be, have
 * their numbers before them.
 */
export function classLabels(classes: readonly string[]): readonly string[] {
  const labels = classes.map((name) => printable(name, longestLabel).replace(foreignToXml, '\ufffd'))
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return labels.map((label, index) => ((counts.get(label) ?? 0) > 1 ? `${index}: ${label}` : label))
}
