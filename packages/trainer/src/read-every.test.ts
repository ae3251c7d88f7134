import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Callback, Engine, Position, StepRecord, TrainingContext } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { checkpoints } from './callbacks/index.js'
import type { TrainerOptions } from './options.js'
import { dataset, trainer, weightsOf } from './testing/brighter.js'

const batchSize = 2
/** Five steps each. */
const job = { epochs: 2, batchSize }

interface Heard {
  readonly record: StepRecord
  readonly position: Position
}

async function trained(more: Partial<TrainerOptions>, fit: object = {}) {
  const heard: Heard[] = []
  const onStep: Callback['onStep'] = (record, { position }) => void heard.push({ record, position })
  await using made = trainer([], 1, { ...more, callbacks: [{ onStep }, ...(more.callbacks ?? [])] })
  const result = await made.fit(dataset(), { ...job, ...fit })
  return { heard, result, weights: await weightsOf(made), position: made.position }
}

const lasting = ({ seconds: _, waited: __, ...record }: StepRecord) => record

/** An engine whose step of this number meets images that are not finite. */
function spoiled(at: number): Engine {
  const plain = interpreterEngine({ precision: 'float32' })
  return {
    ...plain,
    compile: async (program) => {
      const executable = await plain.compile(program)
      return Object.assign(Object.create(executable), {
        run: (name: string, inputs: Parameters<typeof executable.run>[1]) =>
          executable.run(
            name,
            inputs.step === at ? { ...inputs, images: new Float32Array(8).fill(Number.NaN) } : inputs,
          ),
        readState: executable.readState.bind(executable),
        writeState: executable.writeState.bind(executable),
        dispose: executable.dispose.bind(executable),
      })
    },
  }
}

describe('losses that are read every few steps', () => {
  it.each([2, 3, 5, 100])(
    'every %i: same weights and records, told of together, never across epochs',
    async (readEvery) => {
      const one = await trained({})
      const several = await trained({ readEvery })
      expect(several.weights).toEqual(one.weights)
      expect(several.heard.map(({ record }) => lasting(record))).toEqual(one.heard.map(({ record }) => lasting(record)))
      expect(several.result.epochs.map(({ training }) => training)).toEqual(
        one.result.epochs.map(({ training }) => training),
      )
      const last = (step: number) => {
        const inEpoch = step % 5
        return step - inEpoch + Math.min(5, Math.ceil((inEpoch + 1) / readEvery) * readEvery)
      }
      expect(several.heard.map(({ position }) => position.step)).toEqual(
        several.heard.map(({ record }) => last(record.step)),
      )
    },
  )

  it('counts the time of each step once', async () => {
    const began = performance.now()
    const { heard } = await trained({ readEvery: 5 })
    const seconds = heard.reduce((sum, { record }) => sum + record.seconds, 0)
    expect(seconds).toBeLessThanOrEqual((performance.now() - began) / 1000)
    for (const { record } of heard) {
      expect(record.seconds).toBeGreaterThan(0)
      expect(record.waited).toBeLessThanOrEqual(record.seconds)
    }
  })

  it('keeps the steps before one that is not finite, tells of them, and does none after it', async () => {
    const steps: number[] = []
    const callbacks: Callback[] = [{ onStep: ({ step }) => void steps.push(step) }]
    const stopping: Callback = { onStep: ({ step }, { stop }) => void (step === 2 && stop()) }
    const three = await trained({ callbacks: [stopping] })
    await using several = trainer([], 1, { readEvery: 5, engine: spoiled(3), callbacks })
    await expect(several.fit(dataset(), job)).rejects.toMatchObject({
      kind: 'numeric',
      sentence: expect.stringContaining('in step 3'),
    })
    expect(steps).toEqual([0, 1, 2])
    expect(several.position.step).toBe(3)
    expect(await weightsOf(several)).toEqual(three.weights)
  })

  it('ends after the steps that are under way when it is stopped, and goes on from there', async () => {
    const whole = await trained({})
    const folder = mkdtempSync(join(tmpdir(), 'convzoo-read-every-'))
    try {
      await using first = trainer([], 1, {
        readEvery: 2,
        callbacks: [{ onStep: ({ step }, { stop }) => void (step === 2 && stop()) }],
      })
      await first.fit(dataset(), job)
      expect(first.position).toMatchObject({ step: 4, sample: 8 })
      const path = await first.saveCheckpoint(({ step }) => join(folder, `step-0000000${step}.safetensors`))
      await using second = trainer([], 1, { readEvery: 3 })
      await second.loadCheckpoint(path)
      await second.fit(dataset(), job)
      expect(await weightsOf(second)).toEqual(whole.weights)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('tells whoever saves within of the rest, and what it saves is where all stand', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'convzoo-read-every-'))
    const counter = () => {
      let count = 0
      return {
        name: 'counter',
        onStep: () => void count++,
        state: () => count,
        restore: (state: unknown) => {
          count = Number(state ?? 0)
        },
      }
    }
    try {
      const path = join(folder, 'step-00000004.safetensors')
      const saver: Callback = {
        onStep: async ({ step }, { saveCheckpoint }) => {
          if (step === 1) await saveCheckpoint(path)
        },
      }
      const first = counter()
      const whole = await trained({ readEvery: 4, callbacks: [saver, first] })
      const second = counter()
      await using again = trainer([], 1, { callbacks: [saver, second] })
      await again.loadCheckpoint(path)
      expect([again.position.step, second.state()]).toEqual([4, 4])
      await again.fit(dataset(), job)
      expect([second.state(), await weightsOf(again)]).toEqual([10, whole.weights])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('writes a checkpoint where a number of steps is passed, once', async () => {
    const written = async (readEvery: number, everySteps: number): Promise<readonly number[]> => {
      const at: number[] = []
      const folder = {
        writeCheckpoint: async ({ saveCheckpoint }: Pick<TrainingContext, 'saveCheckpoint'>) => {
          expect(saveCheckpoint).toBeTypeOf('function')
          at.push(position)
          return ''
        },
      }
      let position = 0
      const follow: Callback = {
        onStep: (_, context) => {
          position = context.position.step
        },
      }
      const keeping = checkpoints({ folder, everySteps, everyMinutes: Number.POSITIVE_INFINITY })
      await trained({ readEvery, callbacks: [follow, keeping] })
      return at
    }
    // After the last step of an epoch comes the checkpoint of the epoch.
    expect(await written(1, 2)).toEqual([2, 4, 5, 6, 8, 10])
    expect(await written(3, 2)).toEqual([3, 5, 8, 10])
    expect(await written(2, 3)).toEqual([4, 5, 7, 9, 10])
  })

  it('is refused beside micro-batches, and where it is no number of steps', () => {
    expect(() => trainer([], 1, { readEvery: 2, microBatchSize: 1 })).toThrowError(/"readEvery"/)
    for (const readEvery of [0, -1, 1.5, Number.NaN])
      expect(() => trainer([], 1, { readEvery })).toThrowError(/readEvery/)
  })
})
