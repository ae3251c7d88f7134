import pc from 'picocolors'
import { percent } from './progress.js'

/** What the network takes an image for. */
export interface Prediction {
  /** Which image. */
  readonly image: string
  /** Its true class, where that is known. */
  readonly truth?: string
  readonly top: readonly { readonly class: string; readonly probability: number }[]
}

/** Columns of a bar for a probability of 1. */
const barWidth = 30

/** A line an image: its name, the true class where that is known, then classes and probabilities. */
export function predictionTable(predictions: readonly Prediction[]): string {
  const width = Math.max(0, ...predictions.map(({ top }) => top.length))
  const header = Array.from({ length: width }, (_, place) => [`class ${place + 1}`, `probability ${place + 1}`])
  const rows = predictions.map(({ image, truth = '', top }) => [
    image,
    truth,
    ...top.flatMap(({ class: name, probability }) => [name, String(probability)]),
  ])
  const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  return [['image', 'truth', ...header.flat()], ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('')
}

/** Each image with its most probable classes, a bar each; the true one is marked. */
export function predictionLines(predictions: readonly Prediction[]): string {
  const width = Math.max(...predictions.flatMap(({ top }) => top.map(({ class: name }) => name.length)))
  return predictions
    .flatMap(({ image, truth, top }) => [
      truth === undefined
        ? image
        : `${image}: ${truth}${top[0]?.class === truth ? '' : ` (taken for ${top[0]?.class})`}`,
      ...top.map(({ class: name, probability }) => {
        const bar = '█'.repeat(Math.round(barWidth * probability)).padEnd(barWidth)
        const line = `  ${name.padEnd(width)} ${bar} ${percent(probability).padStart(8)}`
        return name === truth ? pc.green(`${line} ✓`) : line
      }),
    ])
    .map((line) => `${line}\n`)
    .join('')
}
