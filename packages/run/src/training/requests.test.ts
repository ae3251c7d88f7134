import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askRun, resume, train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
const quiet = { onWarning: () => undefined }
let flowers = ''
beforeAll(async () => {
  flowers = await project.pictures()
})
afterAll(() => project[Symbol.dispose]())

/** Long enough that what is asked is heard before its end. */
const long = () => tinyConfig(flowers, { training: { epochs: 10_000 } })

const checkpointsIn = (folder: string): readonly string[] => readdirSync(join(folder, 'checkpoints'))

describe('a run that goes on', () => {
  it('stops where it is asked to, and can be resumed', async () => {
    const folder = project.path('runs/stopped')
    let asked: Promise<boolean> | undefined
    const onStep = (): void => {
      asked ??= askRun(folder, 'stop')
    }
    const callbacks = [{ onStep }]
    const result = await train(long(), { folder, callbacks, ...quiet })
    expect([await asked, result?.completed]).toEqual([true, false])
    expect(await askRun(folder, 'stop')).toBe(false)
    const epoch = result?.position.epoch ?? 0
    const more = await resume(folder, { changes: { training: { epochs: epoch + 1 } }, ...quiet })
    expect(more).toMatchObject({ completed: true, position: { epoch: epoch + 1 } })
  })

  it('writes a checkpoint within an epoch where it is asked to', async () => {
    const folder = project.path('runs/checkpoint')
    const controller = new AbortController()
    const callback = {
      async onStep({ step }: { readonly step: number }) {
        if (step !== 0) return
        await askRun(folder, 'checkpoint')
        while (existsSync(join(folder, 'asked-to-checkpoint'))) await sleep(20)
      },
      onEpoch: () => controller.abort(),
    }
    const seen: (readonly string[])[] = []
    const after = { onStep: () => void (existsSync(join(folder, 'checkpoints')) && seen.push(checkpointsIn(folder))) }
    const options = { folder, callbacks: [callback, after], signal: controller.signal, ...quiet }
    await train(tinyConfig(flowers, { training: { epochs: 2, batchSize: 2 } }), options)
    expect(seen[0]).toEqual(['step-00000002.safetensors'])
  })

  it('refuses to be asked something else, and what is no run', async () => {
    await expect(askRun(flowers, 'pause' as never)).rejects.toMatchObject({ kind: 'option' })
    await expect(askRun(flowers, 'stop')).rejects.toMatchObject({ kind: 'file' })
  })
})

describe('a run', () => {
  it('keeps what it saw of images that it does not learn from, with names and pictures of the mistakes', async () => {
    const folder = project.path('runs/seen')
    const kept: boolean[] = []
    const callbacks = [{ onEpoch: () => void kept.push(existsSync(join(folder, 'confusion.json'))) }]
    // Weights that learn nothing take all for one class.
    const config = tinyConfig(flowers, { optimizer: { name: 'sgdw', learningRate: 1e-9 } })
    await train(config, { folder, callbacks, ...quiet })
    expect(kept[0]).toBe(true)
    const { mistakes } = JSON.parse(readFileSync(join(folder, 'mistakes.json'), 'utf8'))
    const { rows } = JSON.parse(readFileSync(join(folder, 'confusion.json'), 'utf8'))
    expect(mistakes).toHaveLength(rows[0][1] + rows[1][0])
    for (const { name, truth, predicted, png } of mistakes) {
      expect(name.replaceAll('\\', '/')).toContain(`${truth}/`)
      expect(truth).not.toBe(predicted)
      expect(Buffer.from(png, 'base64').subarray(1, 4).toString()).toBe('PNG')
    }
  })

  it('ends its callbacks when all is recorded', async () => {
    const folder = project.path('runs/ended')
    const last: string[] = []
    const callback = {
      onEpoch: () => undefined,
      async [Symbol.asyncDispose]() {
        last.push(readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '')
      },
    }
    await train(tinyConfig(flowers), { folder, callbacks: [callback], ...quiet })
    expect(last.map((line) => JSON.parse(line).type)).toEqual(['validation'])
  })
})
