import pc from 'picocolors'
import type { Prediction } from '../commands/predict.js'
import { percent } from './progress.js'

/** Columns of a bar for a probability of 1. */
const barWidth = 30

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
