import type { Dataset, Preprocessing } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { orNotInstalled } from '@convzoo/run/plugins'
import type { Mistake } from '@convzoo/trainer'

/** Pictures on a sheet, and beside each other. */
export const mostMistakes = 40
const columns = 8

/** Pixels: the least width of a picture, in which two lines of text have room, and the height of a line. */
const leastWidth = 168
const line = 16

/** Letters of a class that fit into a line beside the rest of it. */
const letters = 15

const escaped = (text: string): string => text.replace(/[<>&]/g, (letter) => `&#${letter.charCodeAt(0)};`)

/** What stands below a mistake: the class that it is of, and what it was taken for. */
export function captionOf(
  { truth, predicted, probability }: Pick<Mistake, 'truth' | 'predicted' | 'probability'>,
  classes: readonly string[],
): readonly [string, string] {
  const nameOf = (index: number): string => printable(classes[index] ?? String(index), letters)
  return [`is ${nameOf(truth)}`, `seen as ${nameOf(predicted)}, ${(100 * probability).toFixed(1)} %`]
}

interface MistakesOptions {
  /** Whose images they are. */
  readonly dataset: Dataset
  /** In the order of the network's outputs. */
  readonly classes: readonly string[]
  readonly preprocessing: Preprocessing
}

/** A PNG with mistakes as the network saw them, each with its caption. There must be one at least. */
export async function mistakesPng(
  mistakes: readonly Mistake[],
  { dataset, classes, preprocessing }: MistakesOptions,
): Promise<Uint8Array> {
  const { contactSheet, sheetLayout } = await import('@convzoo/data/inspect')
  const { pngOf } = await import('@convzoo/visualize').catch(orNotInstalled('@convzoo/visualize'))
  const { imageShape: shape } = dataset
  const [height, width] = shape
  const scale = Math.max(1, Math.ceil(leastWidth / width))
  const options = { shape, preprocessing, columns, footer: Math.ceil((2.5 * line) / scale) }
  const { images } = await dataset.batch(mistakes.map(({ index }) => index))
  const sheet = await contactSheet(images, options)
  const layout = sheetLayout(mistakes.length, options)
  const size = `width="${layout.width * scale}" height="${layout.height * scale}"`
  const texts = mistakes.flatMap((mistake, index) => {
    const { left, top } = layout.corner(index)
    return captionOf(mistake, classes).map(
      (text, row) =>
        `<text x="${left * scale}" y="${(top + height) * scale + (row + 1) * line}" font-size="13">${escaped(text)}</text>`,
    )
  })
  const data = Buffer.from(sheet).toString('base64')
  return pngOf(
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}><image ${size} image-rendering="optimizeSpeed" href="data:image/png;base64,${data}"/>${texts.join('')}</svg>`,
  )
}
