import type { Dataset } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import type { BadImage } from '@convzoo/data'

/** The images that a dataset could not use; none where it does not say. */
export function badImagesOf(dataset: Dataset): readonly BadImage[] {
  return 'badImages' in dataset && Array.isArray(dataset.badImages) ? dataset.badImages : []
}

/** Named on the screen; the others are counted. */
const mostNamed = 5

/** What to say of images that could not be used: nothing if all could. */
export function badImageLines(dataset: Dataset): readonly string[] {
  const bad = badImagesOf(dataset)
  if (bad.length === 0) return []
  return [
    `${bad.length} of ${printable(dataset.name)} could not be used and ${bad.length === 1 ? 'was' : 'were'} skipped:`,
    ...bad.slice(0, mostNamed).map(({ name, reason }) => `  ${printable(name)}: ${printable(reason)}`),
    ...(bad.length > mostNamed ? [`  and ${bad.length - mostNamed} more; metrics.jsonl names all`] : []),
  ]
}
