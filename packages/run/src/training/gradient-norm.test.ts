import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listRuns, train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
let source = ''
beforeAll(async () => {
  source = await project.pictures()
})
afterAll(() => project[Symbol.dispose]())

const rate = 1 / 64

describe.each(['onnx', 'tfjs'])('training.gradientNorm on %s', (name) => {
  it('is recorded with each step and epoch: how far a plain step moves the weights, by its rate', async () => {
    const folder = project.path(`${name}/run`)
    const seen: number[][] = []
    const look = async (weights: AsyncIterable<{ readonly data: Float32Array }>): Promise<void> => {
      const all: number[] = []
      for await (const { data } of weights) all.push(...data)
      seen.push(all)
    }
    const training = { epochs: 1, batchSize: 4, gradientNorm: true }
    await train(
      tinyConfig(source, {
        optimizer: { name: 'sgd', learningRate: rate, momentum: 0, weightDecay: 0 },
        engine: { name, device: 'cpu' },
        training,
      }),
      {
        folder,
        onWarning: () => undefined,
        callbacks: [
          {
            onTrainBegin: (_, { readWeights }) => look(readWeights()),
            onStep: (_, { readWeights }) => look(readWeights()),
          },
        ],
      },
    )
    const lines = readFileSync(`${folder}/metrics.jsonl`, 'utf8').trimEnd().split('\n')
    const records = lines.map((line) => JSON.parse(line))
    const norms = records.flatMap(({ type, gradientNorm }) => (type === 'step' ? [gradientNorm] : []))
    expect(norms).toHaveLength(2)
    for (const [step, norm] of norms.entries()) {
      const moved = seen[step + 1]?.map((weight, index) => weight - (seen[step]?.[index] ?? Number.NaN)) ?? []
      expect(Math.abs(norm / (Math.hypot(...moved) / rate) - 1)).toBeLessThan(1e-4)
    }
    const epoch = records.find(({ type }) => type === 'epoch')
    expect(epoch.training.gradientNorm).toBeCloseTo((norms[0] + norms[1]) / 2, 12)
    const { runs } = await listRuns(project.path(name), { sort: 'gradientNorm' })
    expect(runs[0]?.gradientNorm).toBe(epoch.training.gradientNorm)
  })
})
