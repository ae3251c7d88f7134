import { permutation, seedWords } from '@convzoo/core/engine'
import type { ImageReference } from './reference.js'

/** A sample of a class. */
type Labelled = Pick<ImageReference, 'label'>

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
 * and a part is wanted. The order of the listing is kept. Images that are equal, of which `equal` gives the same number, stay together: to
 * train on, or, where a class has few others, to validate on. Only if nothing could be set aside so, they are chosen like others.
 */
export function stratifiedSplit<Image extends Labelled>(
  images: readonly Image[],
  part: number,
  seed: number,
  equal: (image: Image) => number | undefined = () => undefined,
): { readonly train: readonly Image[]; readonly validation: readonly Image[] } {
  const classes = new Map<number, number[]>()
  images.forEach(({ label }, index) => {
    const members = classes.get(label)
    if (members === undefined) classes.set(label, [index])
    else members.push(index)
  })
  const groups = equalGroups(images, equal)
  const validation = new Set<number>()
  const choose = (unitsOf: (order: readonly number[]) => readonly (readonly number[])[]): void => {
    for (const [label, members] of classes) {
      const wanted = part === 0 || members.length < 2 ? 0 : Math.max(1, Math.round(part * members.length))
      const order = permutation(seedWords(seed), 'validation', label, members.length)
      const units = unitsOf(Array.from(order, (place) => members[place] ?? 0))
      for (const index of chosen(units, Math.min(wanted, members.length - 1), members.length)) validation.add(index)
    }
  }
  choose((order) => togetherIn(order, groups))
  if (validation.size === 0) choose((order) => order.map((index) => [index]))
  return {
    train: images.filter((_, index) => !validation.has(index)),
    validation: images.filter((_, index) => validation.has(index)),
  }
}

/** By index: the indices of all images that are equal to it, where there are others. */
function equalGroups<Image>(
  images: readonly Image[],
  equal: (image: Image) => number | undefined,
): ReadonlyMap<number, readonly number[]> {
  const byNumber = new Map<number, number[]>()
  const groups = new Map<number, readonly number[]>()
  images.forEach((image, index) => {
    const number = equal(image)
    if (number === undefined) return
    const group = byNumber.get(number) ?? []
    byNumber.set(number, group)
    group.push(index)
    groups.set(index, group)
  })
  return groups
}

/** What is chosen as a whole of a class, in an order: single images first, then equal ones of which none is in another class. */
function togetherIn(
  order: readonly number[],
  groups: ReadonlyMap<number, readonly number[]>,
): readonly (readonly number[])[] {
  const members = new Set(order)
  const single = order.filter((index) => !groups.has(index)).map((index) => [index])
  const equal = new Set(order.flatMap((index) => [groups.get(index) ?? []]))
  const whole = [...equal].filter((group) => group.length > 0 && group.every((index) => members.has(index)))
  return [...single, ...whole]
}

/** The first units that fit into a number of images; where none does, the smallest of at most half of a class. */
function chosen(units: readonly (readonly number[])[], wanted: number, total: number): readonly number[] {
  const taken: number[] = []
  for (const unit of units) if (taken.length + unit.length <= wanted) taken.push(...unit)
  if (taken.length > 0 || wanted === 0) return taken
  const [smallest] = [...units].sort((a, b) => a.length - b.length)
  return smallest !== undefined && 2 * smallest.length <= total ? smallest : []
}
