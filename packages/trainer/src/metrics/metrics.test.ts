import { readFileSync } from 'node:fs'
import { activation, ConvzooError, type Dataset, flatten, functionalModel, input } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import {
  balancedAccuracy,
  calibrationError,
  defineMetric,
  type Evaluation,
  f1,
  type Metric,
  precision,
  recall,
  Trainer,
  topK,
} from '../index.js'

interface Case {
  readonly classes: number
  readonly truths: readonly number[]
  readonly probabilities: readonly number[]
  readonly confusion: readonly (readonly number[])[]
  readonly byClass: Readonly<Record<'precision' | 'recall' | 'f1', readonly number[]>>
  readonly means: Readonly<Record<'precision' | 'recall' | 'f1' | 'balancedAccuracy', number>>
  readonly calibrationError: Readonly<Record<string, number>>
  readonly top: Readonly<Record<string, number>>
}

/** By scikit-learn and torchmetrics: bench/reference/metrics.py. */
const { cases }: { readonly cases: Readonly<Record<string, Case>> } = JSON.parse(
  readFileSync(new URL('../fixtures/metrics.json', import.meta.url), 'utf8'),
)

/** Evaluates a network that gives the probabilities of a case for its images, which are their logarithms. */
async function evaluated(
  { classes, truths, probabilities }: Pick<Case, 'classes' | 'truths' | 'probabilities'>,
  metrics: readonly Metric[],
): Promise<Evaluation> {
  const images = input({ shape: [1, classes, 1] })
  const model = functionalModel({ inputs: images, output: activation({ function: 'softmax' })(flatten()(images)) })
  const dataset: Dataset = {
    specification: 'dataset/v1',
    name: 'predicted',
    length: truths.length,
    classes: Array.from({ length: classes }, (_, index) => `class ${index}`),
    imageShape: [1, classes, 1],
    batch: async (indices) => {
      const rows = Array.from(indices)
      const rowOf = (row: number): readonly number[] => probabilities.slice(row * classes, (row + 1) * classes)
      return {
        images: Float32Array.from(rows.flatMap((row) => rowOf(row).map((each) => Math.log(Math.max(each, 1e-12))))),
        targets: Float32Array.from(
          rows.flatMap((row) => Array.from({ length: classes }, (_, index) => (index === truths[row] ? 1 : 0))),
        ),
      }
    },
  }
  await using trainer = new Trainer({ model, engine: interpreterEngine() })
  return await trainer.evaluate(dataset, { batchSize: 7, metrics })
}

const two = { classes: 2, truths: [0, 1, 1], probabilities: [0.9, 0.1, 0.25, 0.75, 0.6, 0.4] }

describe('the metrics of an evaluation', () => {
  it.each(Object.entries(cases))('are those of scikit-learn and torchmetrics: %s', async (_, one) => {
    const tops = Object.keys(one.top).map(Number)
    const asked = [precision, recall, f1].flatMap((make) => [make(), make({ byClass: true })])
    const {
      confusion,
      byClass,
      metrics = {},
    } = await evaluated(one, [...asked, balancedAccuracy(), calibrationError(), ...tops.map((k) => topK({ k }))])
    expect(confusion).toEqual(one.confusion)
    for (const [name, values] of Object.entries(one.byClass)) {
      expect(metrics[`${name}ByClass`], name).toEqual(values.map((value) => expect.closeTo(value, 9)))
      expect(byClass.map((score) => Reflect.get(score, name))).toEqual(metrics[`${name}ByClass`])
    }
    expect(byClass.map(({ samples }) => samples)).toEqual(one.confusion.map((row) => row.reduce((a, b) => a + b, 0)))
    for (const [name, value] of Object.entries(one.means)) expect(metrics[name], name).toBeCloseTo(value, 9)
    for (const k of tops) expect(metrics[`top${k}`], `top ${k}`).toBeCloseTo(one.top[k] ?? Number.NaN, 9)
    expect(metrics.calibrationError).toBeCloseTo(one.calibrationError[15] ?? Number.NaN, 5)
    const ten = await evaluated(one, [calibrationError({ bins: 10 })])
    expect(ten.metrics?.calibrationError).toBeCloseTo(one.calibrationError[10] ?? Number.NaN, 5)
  })

  it('are none where none is asked for', async () => {
    expect(await evaluated(two, [])).not.toHaveProperty('metrics')
  })

  it('are those that a program defines, too', async () => {
    const confidence = defineMetric({
      specification: 'metric/v1',
      name: 'confidence',
      title: 'how probable it holds what it says',
      options: {},
      create: () => ({
        begin() {
          let sum = 0
          let count = 0
          return {
            add({ samples, classes, probabilities, predictions }) {
              for (let row = 0; row < samples; row++) {
                sum += probabilities[row * classes + (predictions[row] ?? 0)] ?? 0
              }
              count += samples
            },
            result: () => sum / count,
          }
        },
      }),
    })
    const { metrics } = await evaluated(two, [confidence()])
    expect(metrics).toEqual({ confidence: expect.closeTo(0.75, 6) })
  })

  const metric = (result: () => unknown, name = 'odd') => ({ name, begin: () => ({ add: () => undefined, result }) })

  it.each([
    ['no number', () => 'high'],
    ['no finite number', () => Number.NaN],
    ['a list that is not of one number a class', () => [1]],
    ['nothing', () => undefined],
  ])('that give %s are refused by name', async (_, result) => {
    const refused = evaluated(two, [metric(result) as Metric])
    await expect(refused).rejects.toSatisfy(
      (error) => ConvzooError.isInstance(error) && error.kind === 'specification' && error.message.includes('"odd"'),
    )
  })

  it.each([
    ['two of one name', [topK(), topK({ k: 5 })]],
    ['what is none', [{ name: 'odd' }]],
    ['a definition that was not called', [topK]],
    ['a name that cannot be recorded', [metric(() => 1, 'a b')]],
  ])('are refused where they are %s', async (_, metrics) => {
    const refused = evaluated(two, metrics as readonly Metric[])
    await expect(refused).rejects.toSatisfy((error) => ConvzooError.isInstance(error) && error.kind === 'option')
  })
})

describe('the metrics of a validation', () => {
  it('stand in the record of the epoch, and in the result', async () => {
    const { dataset, trainer } = await import('../testing/brighter.js')
    const records: unknown[] = []
    await using fitted = trainer([], 1, { callbacks: [{ onEpoch: (record) => void records.push(record) }] })
    const { validation } = await fitted.fit(dataset(), {
      epochs: 1,
      batchSize: 5,
      validation: dataset(),
      validationMetrics: [topK({ k: 1 }), recall({ byClass: true })],
    })
    const metrics = { top1: validation?.top1, recallByClass: validation?.byClass.map((score) => score.recall) }
    expect(validation?.metrics).toEqual(metrics)
    expect(records).toMatchObject([{ validation: { metrics } }])
  })
})
