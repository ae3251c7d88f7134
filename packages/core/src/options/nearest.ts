import { ConvzooError, describeValue } from '../errors/index.js'

/** Edits (insert, delete, replace) between two texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The names that someone who wrote `name` may have meant, closest first, at most three. */
export function nearestNames(name: string, known: readonly string[]): readonly string[] {
  if (typeof name !== 'string' || !Array.isArray(known) || !known.every((each) => typeof each === 'string')) {
    throw new ConvzooError({
      kind: 'option',
      message: 'nearestNames takes a name and those that there are.',
      expected: 'a text and a list of texts',
      received: `${describeValue(name)} and ${describeValue(known)}`,
    })
  }
  return known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}
