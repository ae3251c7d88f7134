import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Project } from './testing/project.js'

const project = new Project('endurance')
const epochs = 1000
const stepsPerEpoch = 10

/** Trains for a long time, and says what memory it has after every fiftieth epoch. */
const program = `
  import { report, train } from 'convzoo'
  const [, , engine, folder] = process.argv
  await train(
    {
      network: { id: 'tiny', input: [8, 8, 1] },
      data: { source: 'mnist', limit: 40, testLimit: 20, validationSplit: 0.2 },
      optimizer: { name: 'adamW', learningRate: 0.001 },
      training: { epochs: ${epochs}, batchSize: 4, average: { decay: 0.99 } },
      checkpoints: { everySteps: 7 },
      engine: { name: engine, device: 'cpu' },
      callbacks: [{ name: 'earlyStopping', patience: ${epochs} }],
    },
    {
      folder,
      onWarning: () => undefined,
      callbacks: [
        report(),
        {
          async onEpoch({ epoch }) {
            if (epoch % 50 > 0) return
            // Once does not find all that nothing holds any more.
            for (let count = 0; count < 5; count++) {
              gc()
              await new Promise(setImmediate)
            }
            const { heapUsed, external, rss } = process.memoryUsage()
            console.log(JSON.stringify({ epoch, used: heapUsed + external, rss }))
          },
        },
      ],
    },
  )
`

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe(`a week of training: ${epochs} epochs with validation, averages, checkpoints and the page of the run`, () => {
  symlinkSync(fileURLToPath(new URL('..', import.meta.url)), project.path('node_modules/convzoo'), 'junction')
  symlinkSync(
    fileURLToPath(new URL('../node_modules/@convzoo/engine-tfjs', import.meta.url)),
    project.path('node_modules/@convzoo/engine-tfjs'),
    'junction',
  )
  writeFileSync(project.path('program.mjs'), program)

  it.each(['onnx', 'tfjs'])(
    'takes no more memory in the end, nor more disk, on %s',
    (engine) => {
      const run = project.path(engine)
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', 'program.mjs', engine, run], {
        cwd: project.folder,
        encoding: 'utf8',
      })
      expect(status, stderr).toBe(0)
      const all: { readonly used: number; readonly rss: number }[] = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      const [early, late] = [all.slice(3, 8), all.slice(-5)]
      // What the page draws of an epoch stays.
      expect(mean(late.map(({ used }) => used))).toBeLessThan(1.03 * mean(early.map(({ used }) => used)))
      expect(mean(late.map(({ rss }) => rss))).toBeLessThan(1.05 * mean(early.map(({ rss }) => rss)))

      // The two newest, and the best.
      expect(readdirSync(join(run, 'checkpoints')).length).toBeLessThanOrEqual(3)
      const records = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')
      const types = records.map((line): string => JSON.parse(line).type)
      expect(types.filter((type) => type === 'step')).toHaveLength(epochs * stepsPerEpoch)
      expect(types.filter((type) => type === 'epoch')).toHaveLength(epochs)
      expect(statSync(join(run, 'report.html')).size).toBeLessThan(4e6)
    },
    1_200_000,
  )
})
