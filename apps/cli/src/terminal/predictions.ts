import { printable } from '@convzoo/core/define'
import type { Prediction } from '@convzoo/run'
import { csvRows } from './csv.js'
import { cell, type Line } from './output.js'
import { percent } from './progress.js'

/** Columns of a bar for a probability of 1. */
const barWidth = 30

/**
 * A line an image: its name, the true class where that is known, then classes and probabilities, as RFC 4180 has it. Names are whole;
 * what is no picture of a letter in them is written as an escape, so that a row is a line.
 */
export function predictionTable(predictions: readonly Prediction[]): readonly string[] {
  const width = predictions.reduce((most, { top }) => Math.max(most, top.length), 0)
  const header = Array.from({ length: width }, (_, place) => [`class ${place + 1}`, `probability ${place + 1}`])
  const rows = predictions.map(({ image, truth = '', top }) => [
    image,
    truth,
    ...top.flatMap(({ class: name, probability }) => [name, String(probability)]),
  ])
  return csvRows([['image', 'truth', ...header.flat()], ...rows])
}

/** Each image with its most probable classes, a bar each; the true one is marked. */
export function predictionLines(predictions: readonly Prediction[]): readonly Line[] {
  const names = predictions.flatMap(({ top }) => top.map(({ class: name }) => cell(name).length))
  const width = names.reduce((most, length) => Math.max(most, length), 0)
  return predictions.flatMap(({ image, truth, top }) => {
    const [best] = top
    const taken = best === undefined || best.class === truth ? '' : ` (taken for ${cell(best.class)})`
    return [
      truth === undefined ? printable(image) : `${printable(image)}: ${cell(truth)}${taken}`,
      ...top.map(({ class: name, probability }): Line => {
        const bar = '█'.repeat(Math.round(barWidth * probability)).padEnd(barWidth)
        const line = `  ${cell(name).padEnd(width)} ${bar} ${percent(probability).padStart(8)}`
        return name === truth ? { parts: [{ colour: 'green', text: `${line} ✓` }] } : line
      }),
    ]
  })
}
