import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRun, type Run, type TrainResult, train } from './index.js'
import { Project, tinyConfig } from './testing/project.js'

const project = new Project()
let result: TrainResult | undefined
let run: Run
beforeAll(async () => {
  const config = tinyConfig(await project.pictures(), { metrics: ['topK:k=1', { name: 'recall', byClass: true }] })
  result = await train(config, { folder: project.path('runs/made'), onWarning: () => undefined })
  run = await openRun(project.path('runs/made'), { engine: 'onnx', onWarning: () => undefined })
})
afterAll(async () => {
  await run.dispose()
  project[Symbol.dispose]()
})

describe('the metrics of a run', () => {
  it('stand in its configuration, in its last score, and are measured again by evaluate', async () => {
    expect(run.config.metrics).toEqual([
      { name: 'topK', k: 1 },
      { name: 'recall', byClass: true },
    ])
    const { top1, byClass, metrics } = await run.evaluate()
    expect(metrics).toEqual({ top1, recallByClass: byClass.map(({ recall }) => recall) })
    expect([result?.classes, result?.score?.metrics]).toEqual([2, metrics])
  })

  it('may be others in an evaluation', async () => {
    const { metrics } = await run.evaluate(undefined, { metrics: ['balanced-accuracy', { name: 'precision' }] })
    expect(Object.keys(metrics ?? {})).toEqual(['balancedAccuracy', 'precision'])
    expect(await run.evaluate(undefined, { metrics: [] })).not.toHaveProperty('metrics')
  })

  it.each([
    [['f1:of=2'], /f1 has no option "of"/],
    [['topK:k=0'], /"k" of metric topK/],
    [['topK:k'], /topK:k=3/],
    [['acuracy'], /acuracy/],
    [['f1', 'f1'], /f1 twice/],
    [[7], /a name, or an object/],
  ])('are refused where they are %j', async (metrics, words) => {
    const refused = run.evaluate(undefined, { metrics: metrics as readonly string[] })
    await expect(refused).rejects.toMatchObject({ kind: 'option', message: expect.stringMatching(words) })
  })
})
