// What is killed: trainings that together keep every kind of state that a resumption must find again.
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const sharp = createRequire(new URL('../../packages/data/package.json', import.meta.url))('sharp')

const digits = ['--data', 'mnist', '--limit', '120', '--test-limit', '20']
const often = ['--engine', 'onnx', '--batch-size', '4', '--checkpoint-every', '3', '--no-report']
const stopping = ['--validation-split', '0.2', '--callback', 'earlyStopping', '--early-stopping-minimum-delta', '100']

/** `{ name, parameters }` of each: dozens of steps on a small input, with a checkpoint after every third step. */
export async function trainings(place) {
  const photographs = join(place, 'photographs')
  await paint(photographs)
  return [
    ['nin, as it comes', ['nin', ...digits, '--input', '67x67x1', '--epochs', '4']],
    [
      'nin, SGDW, averaged, in micro-batches',
      [
        ...['nin', ...digits, '--input', '67x67x1', '--epochs', '4'],
        ...['--optimizer', 'sgdw', '--learning-rate', '0.002', '--average', '0.95', '--micro-batch-size', '2'],
      ],
    ],
    [
      'zfnet, Nesterov, one cycle, clipped, smoothed, classes weighed',
      [
        ...['zfnet', ...digits, '--input', '35x35x1', '--epochs', '2', '--optimizer', 'sgd', '--nesterov'],
        ...['--learning-rate', '0.005', '--schedule', 'oneCycle', '--clip-norm', '1', '--label-smoothing', '0.1'],
        ...['--class-weights', 'balanced'],
      ],
    ],
    [
      'alexnet-twotower, balanced, mean of late weights, groups, plateau',
      [
        ...['alexnet-twotower', ...digits, '--input', '35x35x1', '--epochs', '3', '--sampling', 'balanced'],
        ...['--validation-split', '0.2'],
        ...['--average-from', '20', '--average-every', '4', '--parameter-groups', 'bias$ learningRate=2 weightDecay=0'],
        ...['--callback', 'reduceOnPlateau', '--reduce-on-plateau-patience', '1', '--reduce-on-plateau-factor', '0.5'],
      ],
    ],
    [
      'nin on photographs, augmented and mixed',
      [
        ...['nin', '--data', photographs, '--input', '67x67x3', '--epochs', '4', '--validation-split', '0.2'],
        ...['--augment', 'randomCrop,horizontalFlip,mixup:alpha=0.2', '--workers', '1'],
      ],
    ],
    [
      'nin, early stopping that waits',
      ['nin', ...digits, '--input', '67x67x1', '--epochs', '4', ...stopping, '--early-stopping-patience', '9'],
    ],
    [
      'nin, early stopping that stops',
      ['nin', ...digits, '--input', '67x67x1', '--epochs', '9', ...stopping, '--early-stopping-patience', '3'],
    ],
    [
      'alexnet, AdamW, losses read every two steps',
      ['alexnet', ...digits, '--input', '67x67x1', '--epochs', '1', '--read-every', '2'],
    ],
  ].map(([name, parameters]) => ({ name, parameters: ['train', ...parameters, ...often] }))
}

/** Photographs of three classes, each of its own colour. */
async function paint(folder) {
  for (const [index, background] of ['#b03020', '#20a040', '#3050c0'].entries()) {
    const place = join(folder, `class-${index}`)
    mkdirSync(place, { recursive: true })
    for (let count = 0; count < 25; count++) {
      const noise = { type: 'gaussian', mean: 128, sigma: 20 + count }
      const picture = sharp({ create: { width: 80 + count, height: 96, channels: 3, background, noise } })
      await picture
        .tint(background)
        .jpeg()
        .toFile(join(place, `${count}.jpg`))
    }
  }
}
