import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pngOf } from '@convzoo/visualize'

/** Writes pictures, each of a colour and a number of stripes of its own, and so of a size of its own, at paths below a folder, which it gives back. */
export async function picturesIn(folder: string, paths: readonly string[]): Promise<string> {
  for (const [index, path] of paths.entries()) {
    const colour = `hsl(${(index * 37) % 360}, 60%, ${30 + (index % 5) * 10}%)`
    const stripes = Array.from(
      { length: 3 * index + 1 },
      (_, at) => `<rect x="${at}" y="${at}" width="${2 + at}" height="3"/>`,
    )
    const size = 'width="80" height="72"'
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size} fill="${colour}"/>${stripes.join('')}</svg>`
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), await pngOf(svg))
  }
  return folder
}

/** Paths of so many pictures of each class: `apple/0.png`. */
export const pathsOf = (classes: readonly string[], count = 5): readonly string[] =>
  classes.flatMap((name) => Array.from({ length: count }, (_, index) => `${name}/${index}.png`))

/** The smallest training on photographs, in a folder where the network `tiny` is found. */
export const trainOn = (data: string, run: string, ...more: readonly string[]): string[] => [
  ...['train', 'tiny', '--data', data, '--input', '12x12x3', '--batch-size', '4', '--augment', 'none', '--run', run],
  // Its rate does not depend on how many epochs were planned: a run can go on to the same weights.
  ...['--recipe', 'notebook', '--no-report'],
  ...more,
]
