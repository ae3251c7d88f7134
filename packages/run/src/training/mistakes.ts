import type { Dataset, Preprocessing } from '@convzoo/core'
import type { Evaluation, StoredMistake } from '@convzoo/trainer'
import { given } from '../config/given.js'
import type { MistakeMaps } from '../visualizing/mistake-maps.js'

/** Mistakes that a run keeps with their pictures. */
export const keptMistakes = 12

/** What a sample is called: by its file, where its dataset knows it. */
function nameOf(dataset: Dataset, index: number): string {
  const named = 'nameOf' in dataset && typeof dataset.nameOf === 'function' ? dataset.nameOf(index) : undefined
  return typeof named === 'string' ? named : `${dataset.name} ${index}`
}

/**
 * The mistakes of an evaluation, each with its name and the picture that the network saw, as it may be kept; and where it looked, where that
 * was found out.
 */
export async function storedMistakes(
  { mistakes = [] }: Pick<Evaluation, 'mistakes'>,
  dataset: Dataset,
  classes: readonly string[],
  preprocessing: Preprocessing,
  maps?: MistakeMaps,
): Promise<readonly StoredMistake[]> {
  if (mistakes.length === 0) return []
  const { contactSheet } = await import('@convzoo/data/inspect')
  const { imageShape: shape } = dataset
  const size = shape[0] * shape[1] * shape[2]
  const { images } = await dataset.batch(mistakes.map(({ index }) => index))
  const className = (index: number): string => classes[index] ?? String(index)
  return Promise.all(
    mistakes.map(async ({ index, loss, truth, predicted, probability }, row) => {
      const image = images.subarray(row * size, (row + 1) * size)
      const png = await contactSheet(image, { shape, preprocessing, columns: 1 })
      return {
        name: nameOf(dataset, index),
        truth: className(truth),
        predicted: className(predicted),
        probability,
        loss,
        png: Buffer.from(png).toString('base64'),
        ...given({ maps: maps?.pngs[row] && Buffer.from(maps.pngs[row]).toString('base64') }),
      }
    }),
  )
}
