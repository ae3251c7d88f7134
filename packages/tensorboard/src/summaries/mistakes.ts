import { printable } from '@convzoo/core/define'
import type { StoredMistake } from '@convzoo/trainer'
import { markdown, pictures, type Value } from './values.js'

/** What was taken for something else, as pictures, and what each of them is in a table. */
export function mistakesOf(mistakes: readonly StoredMistake[]): readonly Value[] {
  if (mistakes.length === 0) return []
  const rows = mistakes.map(({ name, truth, predicted, probability, loss }, at) =>
    [at + 1, cell(name), cell(truth), cell(predicted), `${(100 * probability).toFixed(1)} %`, loss.toFixed(3)].join(
      ' | ',
    ),
  )
  const table = ['image | name | is | was taken for | probability | loss', '--- | --- | --- | --- | --- | ---', ...rows]
  return [
    pictures(
      'mistakes/images',
      mistakes.map(({ png }) => Buffer.from(png, 'base64')),
    ),
    markdown('mistakes/list', table.join('\n')),
  ]
}

/** A text from outside, of which nothing is Markdown. */
const cell = (text: string): string => printable(text).replace(/[\\`*_{}[\]<>()#+\-.!|~&]/g, '\\$&')
