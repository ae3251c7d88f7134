import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, flatten, functionalModel, input, sgd } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { arrayDataset } from '@convzoo/data'
import { Trainer } from '@convzoo/trainer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { csvLog } from './csv-log.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const dataset = arrayDataset({ images: Uint8Array.of(0, 255, 10, 240), shape: [1, 1, 1], labels: [0, 1, 0, 1] })

function trainerOf(path: string): Trainer {
  const images = input({ shape: [1, 1, 1] })
  const output = dense({ units: 2, activation: 'softmax' })(flatten()(images))
  const model = functionalModel({ inputs: images, output })
  return new Trainer({
    model,
    engine: interpreterEngine(),
    optimizer: sgd({ learningRate: 0.5 }),
    callbacks: [csvLog({ path })],
  })
}

/** The file's lines, each by its columns. */
function linesOf(path: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const names = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, place) => [names[place] ?? '', value])))
}

it('writes a line for each epoch, with the validation where there is one', async () => {
  const path = join(folder, 'logs', 'course.csv')
  const trainer = trainerOf(path)
  await trainer.fit(dataset, { epochs: 3, batchSize: 2, validation: dataset })
  const lines = linesOf(path)
  expect(lines.map(({ epoch }) => epoch)).toEqual(['1', '2', '3'])
  expect(Number(lines[2]?.loss)).toBeLessThan(Number(lines[0]?.loss))
  const { loss } = await trainer.evaluate(dataset, { batchSize: 4 })
  expect(Number(lines[2]?.validation_loss)).toBeCloseTo(loss, 6)
  await trainer.fit(dataset, { epochs: 4, batchSize: 2 })
  expect(linesOf(path).map(({ epoch, validation_loss: value }) => [epoch, value === ''])).toEqual([
    ['1', false],
    ['2', false],
    ['3', false],
    ['4', true],
  ])
  await trainer.dispose()
})

it('begins anew with a training that begins', async () => {
  const path = join(folder, 'course.csv')
  for (const epochs of [2, 1]) {
    const trainer = trainerOf(path)
    await trainer.fit(dataset, { epochs, batchSize: 4 })
    await trainer.dispose()
    expect(linesOf(path)).toHaveLength(epochs)
  }
})

it.each([
  ['path', '', '"path" of csvLog'],
  ['file', 'x.csv', 'csvLog has no option "file"'],
])('refuses the option %s: %j', (name, value, said) => {
  expect(() => csvLog({ [name]: value })).toThrow(said)
})
