import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochRecord, StepRecord } from '@convzoo/core'
import { openSafetensors } from '@convzoo/safetensors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunEvent, readConfigFile, resume, train } from './index.js'
import { Project, tinyConfig } from './testing/project.js'

const project = new Project()
const quiet = { onWarning: () => undefined }
/** A run that tests read. */
const finished = project.path('runs/finished')
let flowers = ''
beforeAll(async () => {
  flowers = await project.pictures()
  await train(tinyConfig(flowers), { folder: finished, ...quiet })
})
afterAll(() => project[Symbol.dispose]())

/** Its copy, for a test that changes it. */
function finishedAt(name: string): string {
  const folder = project.path(name)
  cpSync(finished, folder, { recursive: true })
  return folder
}
const weightsIn = (folder: string): Buffer => readFileSync(join(folder, 'weights.safetensors'))
const never = (value: unknown) => value as never

describe('train', () => {
  it('trains, tests and records into a new folder, and tells its listeners and callbacks', async () => {
    const folder = project.path('runs/first')
    const lines: string[] = []
    const progress: string[] = []
    const steps: StepRecord[] = []
    const epochs: EpochRecord[] = []
    const names: string[] = []
    const result = await train(tinyConfig(flowers), {
      folder,
      ...quiet,
      onLog: (line) => void lines.push(line),
      onProgress: ({ what, done, total }) => void progress.push(`${what} ${done} of ${total}`),
      callbacks: [
        {
          onStep: (record) => void steps.push(record),
          onEpoch: (record, context) => {
            epochs.push(record)
            names.push(...(context.classes ?? []))
          },
        },
      ],
    })
    expect(result).toMatchObject({ folder, completed: true, position: { epoch: 2, step: 4 } })
    expect(result?.score).toMatchObject({ split: 'validation', samples: 2 })
    expect(steps).toHaveLength(4)
    expect(epochs).toHaveLength(2)
    expect(names).toEqual(['rose', 'tulip', 'rose', 'tulip'])
    expect(lines.join('\n')).toMatch(/network .*\ndata .*8 images to train on, 2 to validate on\nengine .*\nrun /)
    expect(progress).toContain('validated 2 of 2')
    for (const file of ['config.json', 'metrics.jsonl', 'weights.safetensors', 'confusion.json', 'curves.svg']) {
      expect(existsSync(join(folder, file)), file).toBe(true)
    }
  })

  it('tells as plain data what begins, each step and epoch, and what is looked at, and gives where to look', async () => {
    const folder = project.path('runs/told')
    const events: RunEvent[] = []
    const result = await train(tinyConfig(flowers), { folder, onEvent: (event) => void events.push(event) })
    const [, start] = events
    expect(start).toMatchObject({
      ...{ type: 'start', folder, resumed: false, epochs: 2, batchSize: 4, steps: 4 },
      network: { id: 'tiny.only', parameters: expect.any(Number) },
      data: { classes: 2, images: { train: 8, validation: 2 } },
      engine: { name: 'onnx', device: 'cpu' },
      position: { step: 0 },
    })
    // A slow disk is warned of.
    expect(events.map(({ type }) => type).filter((type) => type !== 'warning')).toEqual([
      ...['log', 'start', 'step', 'step', 'progress', 'epoch', 'step', 'step', 'progress', 'epoch'],
    ])
    const records = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').split('\n').slice(0, -1)
    const recorded = records.map((line) => JSON.parse(line))
    const epochsOf = (of: readonly { readonly type: string }[]) => of.filter(({ type }) => type === 'epoch')
    expect(epochsOf(events)).toMatchObject(epochsOf(recorded))
    expect(JSON.parse(JSON.stringify(events))).toEqual(events)
    const curves = join(folder, 'curves.svg')
    expect(result?.files).toEqual({
      ...{ curves, confusion: join(folder, 'confusion.svg'), mistakes: join(folder, 'mistakes.json') },
    })
    const again: RunEvent[] = []
    const more = { changes: { training: { epochs: 3 } }, onEvent: (event: RunEvent) => void again.push(event) }
    await resume(folder, more)
    expect(again[0]).toMatchObject({ type: 'start', resumed: true, position: { step: 4, epoch: 2 } })
  })

  it('repeats a run bit for bit by its config.json', async () => {
    const [first, again, other] = ['repeated', 'repetition', 'other-seed'].map((name) => project.path(`runs/${name}`))
    if (first === undefined || again === undefined || other === undefined) throw new Error('There are three.')
    await train(tinyConfig(flowers, { schedule: 'cosine', training: { average: { decay: 0.5 } } }), {
      folder: first,
      ...quiet,
    })
    const config = await readConfigFile(join(first, 'config.json'))
    await train(config, { folder: again, ...quiet })
    expect(weightsIn(again)).toEqual(weightsIn(first))
    await train({ ...config, training: { ...config.training, seed: 2 } }, { folder: other, ...quiet })
    expect(weightsIn(other)).not.toEqual(weightsIn(first))
  })

  it('never writes over a run', async () => {
    const folder = finishedAt('runs/once')
    const before = weightsIn(folder)
    await expect(train(tinyConfig(flowers), { folder, ...quiet })).rejects.toMatchObject({ kind: 'file' })
    expect(weightsIn(folder)).toEqual(before)
  })

  it('ends early by a callback of the configuration, and says why', async () => {
    const patient = { name: 'earlyStopping', patience: 1, minimumDelta: 100 }
    const result = await train(tinyConfig(flowers, { callbacks: [patient], training: { epochs: 9 } }), {
      folder: project.path('runs/early'),
      ...quiet,
    })
    expect(result).toMatchObject({ completed: true, position: { epoch: 2 }, stopped: expect.stringContaining('loss') })
  })

  it('warns its listener of a file that cannot be read, and no console', async () => {
    const data = await project.pictures({ into: 'broken' })
    project.write('broken/rose/torn.png', 'no picture')
    const warnings: string[] = []
    await train(tinyConfig(data), {
      folder: project.path('runs/broken'),
      onWarning: (line) => void warnings.push(line),
    })
    expect(warnings.join('\n')).toContain('torn.png')
  })

  it('refuses what it cannot use before anything is written', async () => {
    const folder = project.path('runs/refused')
    for (const [config, words] of [
      [{ ...tinyConfig(flowers), network: 'tinny' }, 'tiny'],
      [{ ...tinyConfig(flowers), optimiser: 'sgd' }, 'did you mean optimizer?'],
      [{ ...tinyConfig(flowers), optimizer: 'sgdv' }, 'sgdw'],
      [tinyConfig(project.path('weeds')), 'weeds'],
    ] as const) {
      await expect(train(never(config), { folder, ...quiet })).rejects.toThrow(words)
    }
    await expect(train(never('tiny'), { folder })).rejects.toMatchObject({ kind: 'option' })
    expect(existsSync(folder)).toBe(false)
  })
})

describe('a run that starts from another', () => {
  const tensorsIn = async (folder: string): Promise<ReadonlyMap<string, Float32Array>> => {
    const file = await openSafetensors(join(folder, 'weights.safetensors'))
    const tensors = new Map<string, Float32Array>()
    for await (const { name, data } of file.read()) tensors.set(name, data)
    await file.close()
    return tensors
  }

  it('takes the weights that fit, trains what is not frozen, and is repeated by its config.json', async () => {
    const [second, again] = [project.path('runs/special'), project.path('runs/special-again')]
    const data = await project.pictures({ into: 'kinds', classes: ['aster', 'rose', 'tulip'] })
    const lines: string[] = []
    const network = { id: 'tiny', weights: finished, freeze: '^conv2d' }
    const options = { folder: second, onLog: (line: string) => void lines.push(line), ...quiet }
    expect(await train(tinyConfig(data, { network }), options)).toMatchObject({ completed: true })
    expect(lines.join('\n')).toContain(`weights 2 of ${finished}; from the seed: dense/kernel, dense/bias`)
    const [before, after] = [await tensorsIn(finished), await tensorsIn(second)]
    expect(after.get('conv2d/kernel')).toEqual(before.get('conv2d/kernel'))
    expect(after.get('dense/kernel')?.length).not.toBe(before.get('dense/kernel')?.length)
    await train(await readConfigFile(join(second, 'config.json')), { folder: again, ...quiet })
    expect(weightsIn(again)).toEqual(weightsIn(second))
    const longer = await resume(second, { changes: { training: { epochs: 3 } }, ...quiet })
    expect(longer).toMatchObject({ position: { epoch: 3 } })
    expect((await tensorsIn(second)).get('conv2d/kernel')).toEqual(before.get('conv2d/kernel'))
  })

  it('takes those that fit of a file of weights as it does of a run', async () => {
    const second = project.path('runs/of-a-file')
    const weights = join(finished, 'weights.safetensors')
    const lines: string[] = []
    const options = { folder: second, onLog: (line: string) => void lines.push(line), ...quiet }
    await train(tinyConfig(flowers, { network: { id: 'tiny', weights, freeze: '^conv2d' } }), options)
    expect(lines.join('\n')).toContain(`weights 4 of ${weights}`)
    expect((await tensorsIn(second)).get('conv2d/kernel')).toEqual((await tensorsIn(finished)).get('conv2d/kernel'))
  })

  it('starts the head anew, and trains it though it is frozen with the rest', async () => {
    const second = project.path('runs/new-head')
    const lines: string[] = []
    const network = { id: 'tiny', weights: finished, head: 'new', freeze: '.' } as const
    await train(tinyConfig(flowers, { network }), {
      folder: second,
      onLog: (line) => void lines.push(line),
      ...quiet,
    })
    expect(lines.join('\n')).toContain(
      `weights 2 of ${finished}; from the seed: dense/kernel, dense/bias; not used: dense/bias, dense/kernel`,
    )
    const [before, after] = [await tensorsIn(finished), await tensorsIn(second)]
    expect(after.get('conv2d/kernel')).toEqual(before.get('conv2d/kernel'))
    expect(after.get('dense/kernel')).not.toEqual(before.get('dense/kernel'))
    const [record] = readFileSync(join(second, 'metrics.jsonl'), 'utf8').split('\n')
    expect(JSON.parse(record ?? '')).toMatchObject({
      type: 'starting-weights',
      source: finished,
      left: ['dense/bias', 'dense/kernel'],
    })
  })

  it('starts from them again where it was stopped before its first checkpoint', async () => {
    const second = project.path('runs/cut-off')
    const network = { id: 'tiny', weights: finished }
    await train(tinyConfig(flowers, { network }), { folder: second, ...quiet })
    const whole = await tensorsIn(second)
    // As a process leaves it that was killed in its first epoch.
    for (const name of ['checkpoints', 'weights.safetensors']) rmSync(join(second, name), { recursive: true })
    const [record] = readFileSync(join(second, 'metrics.jsonl'), 'utf8').split('\n')
    writeFileSync(join(second, 'metrics.jsonl'), `${record}\n`)
    await resume(second, quiet)
    expect(await tensorsIn(second)).toEqual(whole)
    expect(
      readFileSync(join(second, 'metrics.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('starting-weights')),
    ).toEqual([record])
  })

  it('is repeated by a configuration of a time when the weights were called from', async () => {
    const [second, again] = [project.path('runs/then'), project.path('runs/then-again')]
    await train(tinyConfig(flowers, { network: { id: 'tiny', weights: finished } }), { folder: second, ...quiet })
    const path = join(second, 'config.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"weights":', '"from":'))
    await train(await readConfigFile(path), { folder: again, ...quiet })
    expect(weightsIn(again)).toEqual(weightsIn(second))
    expect(await resume(second, { changes: { training: { epochs: 3 } }, ...quiet })).toMatchObject({
      position: { epoch: 3 },
    })
  })

  it.each([
    [{ weights: 'nowhere' }, 'nowhere'],
    [{ weights: 'nowhere.safetensors' }, 'nowhere.safetensors'],
    [{ head: 'new' }, '--weights beside --head new'],
    [{ weights: 'nowhere', head: 'old' }, '"head" of the network'],
    [{ freeze: '^conv3d' }, 'conv3d'],
    [{ freeze: '(' }, '"freeze" of the network'],
  ])('refuses %j before anything is written', async (network, words) => {
    const folder = project.path('runs/from-nowhere')
    const config = never({ ...tinyConfig(flowers), network: { id: 'tiny', ...network } })
    await expect(train(config, { folder, ...quiet })).rejects.toThrow(words)
    expect(existsSync(folder)).toBe(false)
  })
})

describe('a signal', () => {
  it('that was given before anything began leaves nothing', async () => {
    const folder = project.path('runs/aborted')
    const result = await train(tinyConfig(flowers), { folder, signal: AbortSignal.abort(), ...quiet })
    expect(result).toBeUndefined()
    expect(existsSync(folder)).toBe(false)
  })

  it('stops after the step under way; resumed, the run ends bit for bit as one that never stopped', async () => {
    const [whole, folder] = [project.path('runs/whole'), project.path('runs/stopped')]
    const config = tinyConfig(flowers, { optimizer: { name: 'adamW', learningRate: 0.01 } })
    await train(config, { folder: whole, ...quiet })
    const controller = new AbortController()
    const callbacks = [{ onStep: ({ step }: StepRecord) => void (step === 2 && controller.abort()) }]
    const stopped = await train(config, { folder, signal: controller.signal, callbacks, ...quiet })
    expect(stopped).toMatchObject({ completed: false, position: { step: 3 } })
    expect(stopped).not.toHaveProperty('score')
    const ended = await resume(folder, quiet)
    expect(ended).toMatchObject({ completed: true, position: { step: 4 } })
    expect(weightsIn(folder)).toEqual(weightsIn(whole))
    expect(await resume(folder, quiet)).toMatchObject({ wasFinished: true, score: ended.score })
  })
})

describe('resume', () => {
  it('takes more epochs, and refuses what a run must keep', async () => {
    const folder = finishedAt('runs/longer')
    for (const [changes, words] of [
      [{ training: { batchSize: 8 } }, '--batch-size 4'],
      [{ training: { seed: 3 } }, '--seed'],
      [{ optimizer: { name: 'adamW' } }, '--optimizer sgdw'],
      [{ network: 'nin' }, 'another network'],
      [{ network: { input: '9x9x3' } }, '--input'],
      [{ network: { inputs: '9x9x3' } }, 'did you mean input?'],
      [{ data: { validationSplit: 0.5 } }, '--validation-split'],
      [{ trainings: { epochs: 3 } }, 'did you mean training?'],
      [{ training: { epoch: 3 } }, 'did you mean epochs?'],
    ] as const) {
      const changed = { ...changes, ...('training' in changes ? {} : { training: { epochs: 3 } }) }
      await expect(resume(folder, { changes: never(changed), ...quiet }), words).rejects.toThrow(words)
    }
    const changes = { network: 'tiny', training: { epochs: 3, seed: undefined }, schedule: 'cosine' }
    const longer = await resume(folder, { changes, ...quiet })
    expect(longer).toMatchObject({ completed: true, position: { epoch: 3 } })
    expect(await readConfigFile(join(folder, 'config.json'))).toMatchObject({
      training: { epochs: 3 },
      schedule: { name: 'cosine' },
    })
  })

  it('finds images where they are now, and refuses others unless they are allowed', async () => {
    const data = await project.pictures({ into: 'before' })
    const folder = project.path('runs/moved')
    await train(tinyConfig(data, { training: { epochs: 1 } }), { folder, ...quiet })
    renameSync(data, project.path('after'))
    const changes = { training: { epochs: 2 }, data: project.path('after') }
    await expect(resume(folder, { changes: { training: { epochs: 2 } }, ...quiet })).rejects.toThrow(
      'give their new place',
    )
    expect(await resume(folder, { changes, ...quiet })).toMatchObject({ completed: true })
    project.write('after/rose/9.png', readFileSync(project.path('after/rose/0.png')))
    const more = { changes: { training: { epochs: 3 } }, ...quiet }
    await expect(resume(folder, more)).rejects.toMatchObject({ kind: 'data' })
    expect(await resume(folder, { ...more, allowChangedData: true })).toMatchObject({ position: { epoch: 3 } })
  })

  it('reads a run whose configuration is flat, as earlier versions wrote it', async () => {
    const folder = finishedAt('runs/earlier')
    const path = join(folder, 'config.json')
    const { made } = JSON.parse(readFileSync(path, 'utf8'))
    const flat = { id: 'tiny.only', input: '8x8x3', data: flowers, augment: 'none', validationSplit: 0.25, workers: 1 }
    const update = { optimizer: 'sgdw', learningRate: 0.05, schedule: 'constant', warmUp: 0, clipNorm: 1 }
    const length = { epochs: 2, batchSize: 4, validateEvery: 1, seed: 1, engine: 'onnx', device: 'cpu', threads: 1 }
    writeFileSync(path, JSON.stringify({ ...flat, ...update, ...length, ...made }))
    const longer = await resume(folder, { changes: { training: { epochs: 3 } }, ...quiet })
    expect(longer).toMatchObject({ completed: true, position: { epoch: 3 } })
    expect(await readConfigFile(path)).toMatchObject({
      format: 'run/v2',
      network: { id: 'tiny.only', input: [8, 8, 3] },
      data: { validationSplit: 0.25 },
      optimizer: { name: 'sgdw', clipping: { globalNorm: 1 } },
    })
  })

  it('reads a run of a time when the validation split was called a part', async () => {
    const folder = project.path('runs/part')
    await train(tinyConfig(flowers, { data: { source: flowers, validationSplit: 0.25 } }), { folder, ...quiet })
    const path = join(folder, 'config.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"validationSplit"', '"validationPart"'))
    expect(await resume(folder, { changes: { training: { epochs: 3 } }, ...quiet })).toMatchObject({ completed: true })
    expect(await readConfigFile(path)).toMatchObject({ data: { validationSplit: 0.25 } })
  })

  it('refuses a folder that is no run', async () => {
    await expect(resume(project.path('nothing'), quiet)).rejects.toMatchObject({ kind: 'file' })
  })
})
