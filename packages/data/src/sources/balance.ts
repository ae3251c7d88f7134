import type { ImageListing } from '../images/index.js'
import { someNames } from './note.js'

/** So many times as many images as the smallest class has are worth a word. */
const farFromBalanced = 4

/** A class with fewer images is hardly learnt. */
const fewImages = 5

/** What to say of how many images the classes have: a line, or none. */
export function balanceNotes({ classes, images }: ImageListing): readonly string[] {
  const counts = classes.map(() => 0)
  for (const { label } of images) counts[label] = (counts[label] ?? 0) + 1
  const sorted = classes.map((name, label) => ({ name, count: counts[label] ?? 0 })).sort((a, b) => a.count - b.count)
  const [smallest] = sorted
  const largest = sorted.at(-1)
  if (smallest === undefined || largest === undefined || sorted.length < 2) return []
  const said: string[] = []
  if (largest.count >= farFromBalanced * smallest.count) {
    said.push(
      `from ${counted(smallest.count)} of ${someNames([smallest.name])} to ${largest.count} of ${someNames([largest.name])}`,
    )
  }
  const few = sorted.filter(({ count }) => count < fewImages).map(({ name, count }) => `${name} (${count})`)
  if (few.length > 0) said.push(`fewer than ${fewImages} images to train on of ${someNames(few)}`)
  if (said.length === 0) return []
  return [`${said.length === 2 || few.length === 0 ? 'the classes are far from balanced: ' : ''}${said.join('; ')}`]
}

const counted = (count: number): string => (count === 1 ? '1 image' : `${count} images`)
