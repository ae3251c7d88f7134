import { fieldsOf, isOptionsObject, matching, printable } from '@convzoo/core/define'
import type { Mistake } from '@convzoo/trainer'
import { orNotInstalled } from '../plugins/not-installed.js'
import type { RunEvaluation } from './evaluate.js'
import type { OpenedNetwork } from './opened-network.js'

/** Pictures beside each other. */
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

/** What of an evaluation is drawn. */
export type DrawnMistakes = Pick<RunEvaluation, 'classes' | 'dataset'> & { readonly mistakes: readonly Mistake[] }

const isMistake = (given: unknown, length: number): boolean => {
  const { index, truth, predicted, probability } = isOptionsObject(given) ? fieldsOf(given) : {}
  const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
  return isPlace(index) && index < length && isPlace(truth) && isPlace(predicted) && typeof probability === 'number'
}

/** An evaluation that was asked for its mistakes. */
export const drawnMistakes = matching(
  'what evaluate gives where mistakes are asked for: evaluate(undefined, { mistakes: 40 })',
  (given): given is DrawnMistakes => {
    const { mistakes, classes, dataset } = isOptionsObject(given) ? fieldsOf(given) : {}
    const { length, batch } = isOptionsObject(dataset) ? fieldsOf(dataset) : {}
    if (typeof length !== 'number' || typeof batch !== 'function') return false
    return Array.isArray(classes) && Array.isArray(mistakes) && mistakes.every((each) => isMistake(each, length))
  },
)

/** A PNG with mistakes as the network saw them, each with its caption; undefined where there are none. */
export async function drawMistakes(
  { plan }: OpenedNetwork,
  { mistakes, classes, dataset }: DrawnMistakes,
): Promise<Uint8Array | undefined> {
  if (mistakes.length === 0) return undefined
  const { contactSheet, sheetLayout } = await import('@convzoo/data/inspect')
  const { pngOf } = await import('@convzoo/visualize').catch(orNotInstalled('@convzoo/visualize'))
  const { imageShape: shape } = dataset
  const [height, width] = shape
  const scale = Math.max(1, Math.ceil(leastWidth / width))
  const options = { shape, preprocessing: plan.preprocessing, columns, footer: Math.ceil((2.5 * line) / scale) }
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
