import { createHash } from 'node:crypto'
import type { Split } from '@convzoo/core'
import { splitNames } from '@convzoo/core/define'
import { inTimeSlices } from '../dataset/time-slices.js'
import { bytesOf } from '../images/image-fingerprint.js'
import type { ImageListing, ImageReference } from '../images/index.js'
import { readBytes } from '../images/read-bytes.js'
import { someNames } from './note.js'

/** Images that are the same byte for byte as another: which of them are one. */
export type EqualImages = ReadonlyMap<ImageReference, number>

/**
 * Finds images of the same bytes. Only those of the same size are read. What cannot be read equals nothing: it is reported when it
 * is to be decoded.
 */
export async function equalImages(images: readonly ImageReference[]): Promise<EqualImages> {
  const bySize = new Map<number, ImageReference[]>()
  await inTimeSlices(images.length, (index) => {
    const image = images[index]
    const bytes = image === undefined ? 0 : bytesOf(image)
    if (image !== undefined && bytes > 0) together(bySize, bytes, image)
  })
  const candidates = [...bySize.values()].filter(({ length }) => length > 1).flat()
  const bySum = new Map<string, ImageReference[]>()
  await inTimeSlices(candidates.length, (index) => {
    const image = candidates[index]
    const sum = image === undefined ? undefined : sumOf(image)
    if (image !== undefined && sum !== undefined) together(bySum, sum, image)
  })
  const equal = [...bySum.values()].filter(({ length }) => length > 1)
  return new Map(equal.flatMap((group, number) => group.map((image) => [image, number] as const)))
}

function together<Key>(groups: Map<Key, ImageReference[]>, key: Key, image: ImageReference): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [image])
  else group.push(image)
}

function sumOf(image: ImageReference): string | undefined {
  try {
    return createHash('sha256').update(readBytes(image)).digest('base64')
  } catch {
    return undefined
  }
}

/** What to say of images that are in several splits, and of pictures under several labels: a line each, or none. */
export function duplicateNotes(
  listings: Readonly<Partial<Record<Split, ImageListing>>>,
  equal: EqualImages,
): readonly string[] {
  const groups = new Map<number, { readonly split: Split; readonly name: string; readonly className: string }[]>()
  for (const split of splitNames) {
    for (const image of listings[split]?.images ?? []) {
      const number = equal.get(image)
      if (number === undefined) continue
      const className = listings[split]?.classes[image.label] ?? ''
      const group = groups.get(number) ?? []
      groups.set(number, group)
      group.push({ split, name: image.name, className })
    }
  }
  const all = [...groups.values()]
  const across = all.filter((group) => new Set(group.map(({ split }) => split)).size > 1)
  const torn = all.filter((group) => new Set(group.map(({ className }) => className)).size > 1)
  const namesOf = (
    chosen: typeof all,
    nameOf: (member: (typeof all)[number][number]) => string,
    differing: (member: (typeof all)[number][number]) => string,
  ): string => someNames(chosen.map((group) => oneOfEach(group, differing).map(nameOf).join(' = ')))
  return [
    ...(across.length === 0
      ? []
      : [
          `${pictures(across.length)} in more than one split, so that a score on them says little: ${namesOf(
            across,
            ({ split, name }) => `${split} ${name}`,
            ({ split }) => split,
          )}`,
        ]),
    ...(torn.length === 0
      ? []
      : [
          `${pictures(torn.length)} under more than one label: ${namesOf(
            torn,
            ({ name, className }) => `${name} (${className})`,
            ({ className }) => className,
          )}`,
        ]),
  ]
}

const pictures = (count: number): string => (count === 1 ? '1 picture is' : `${count} pictures are`)

/** The first of a group for each of what differs in it. */
function oneOfEach<T>(group: readonly T[], differing: (member: T) => string): readonly T[] {
  const seen = new Set<string>()
  return group.filter((member) => {
    const key = differing(member)
    return !seen.has(key) && seen.add(key) !== undefined
  })
}
