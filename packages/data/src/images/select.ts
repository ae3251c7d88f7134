import { permutation, seedWords } from '@convzoo/core'
import type { ImageReference } from './reference.js'

/** At most `count` images, class by class in turn, in the order of the listing. */
export function evenly(images: readonly ImageReference[], count: number): readonly ImageReference[] {
  const seen = new Map<number, number>()
  const ranked = images.map((image, index) => {
    const rank = seen.get(image.label) ?? 0
    seen.set(image.label, rank + 1)
    return { image, index, rank }
  })
  const chosen = ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).slice(0, count)
  return chosen.sort((a, b) => a.index - b.index).map(({ image }) => image)
}

/**
 * Parts images in two: of every class about `part` of them for validation, chosen by the seed, at least one where there are two
 * and a part is wanted. The order of the listing is kept.
 */
export function stratifiedSplit(
  images: readonly ImageReference[],
  part: number,
  seed: number,
): { readonly train: readonly ImageReference[]; readonly validation: readonly ImageReference[] } {
  const classes = new Map<number, number[]>()
  images.forEach(({ label }, index) => {
    const members = classes.get(label)
    if (members === undefined) classes.set(label, [index])
    else members.push(index)
  })
  const validation = new Set<number>()
  for (const [label, members] of classes) {
    const count =
      part === 0 || members.length < 2
        ? 0
        : Math.min(Math.max(1, Math.round(part * members.length)), members.length - 1)
    const order = permutation(seedWords(seed), 'validation', label, members.length)
    for (const place of order.subarray(0, count)) validation.add(members[place] ?? 0)
  }
  return {
    train: images.filter((_, index) => !validation.has(index)),
    validation: images.filter((_, index) => validation.has(index)),
  }
}
