import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import {
  adamW,
  type Callback,
  ConvzooError,
  conv2d,
  type Dataset,
  dense,
  type EpochRecord,
  flatten,
  functionalModel,
  input,
  type Model,
  maxPool2d,
  type StepRecord,
  type TrainingContext,
} from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { Trainer } from '@convzoo/trainer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readScalars, tensorboard } from './index.js'
import { GraphDefSchema } from './proto/graph_pb.js'
import { readEvents } from './read-scalars.js'

const shape = [4, 4, 3] as const
const size = 4 * 4 * 3

/** Red pictures and blue ones. */
const dataset: Dataset = {
  specification: 'dataset/v1',
  name: 'colours',
  length: 6,
  classes: ['red', 'blue'],
  imageShape: shape,
  batch: async (indices) => ({
    images: Float32Array.from(
      Array.from(indices).flatMap((index) =>
        Array.from({ length: size }, (_, at) => (at % 3 === (index % 2) * 2 ? 1 - index / 10 : 0)),
      ),
    ),
    targets: Float32Array.from(Array.from(indices).flatMap((index) => (index % 2 === 0 ? [1, 0] : [0, 1]))),
  }),
}

function network(): Model {
  const images = input({ shape: [...shape] })
  const x = maxPool2d({ poolSize: 2 })(conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })(images))
  return functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(flatten()(x)) })
}

const trainerOf = (...callbacks: readonly Callback[]): Trainer =>
  new Trainer({
    model: network(),
    engine: interpreterEngine({ precision: 'float32' }),
    optimizer: adamW({ weightDecay: 0.01, learningRate: 0.01 }),
    seed: 1,
    callbacks,
  })

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-tensorboard-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const options = { batchSize: 3, validation: dataset } as const

/** What stands under a tag. */
const valuesOf = async (folder: string, wanted: string) =>
  (await readEvents(folder)).flatMap(({ step, what }) =>
    what.case === 'summary'
      ? what.value.value.flatMap(({ tag, value }) => (tag === wanted ? [{ step: Number(step), value }] : []))
      : [],
  )

const histogramsOf = async (folder: string, tag: string) =>
  (await valuesOf(folder, tag)).map(({ step, value }) => {
    if (value.case !== 'histo') throw new Error(`${tag} is no histogram`)
    return { step, ...value.value }
  })

describe('the callback tensorboard', () => {
  const steps: StepRecord[] = []
  const kernels: Float32Array[] = []
  const gradients: Float32Array[] = []
  let firstMoment: number[] | undefined
  let epochs: readonly EpochRecord[] = []
  let kept = ''

  beforeAll(async () => {
    kept = mkdtempSync(join(tmpdir(), 'convzoo-tensorboard-'))
    const keep = async ({ readState, readGradients }: TrainingContext): Promise<void> => {
      for await (const { data } of readState(['conv2d/kernel'])) kernels.push(Float32Array.from(data))
      for await (const { data } of readGradients(['conv2d/kernel'])) gradients.push(data)
    }
    const trainer = trainerOf(tensorboard({ folder: kept }), {
      onTrainBegin: (_, context) => keep(context),
      onStep: async (record, { readState }) => {
        steps.push(record)
        for await (const { data } of readState(['conv2d/kernel/firstMoment'])) firstMoment ??= [...data]
      },
      onEpoch: (_, context) => keep(context),
    })
    epochs = (await trainer.fit(dataset, { ...options, epochs: 2 })).epochs
    await trainer.dispose()
  })
  afterAll(() => rmSync(kept, { recursive: true, force: true, maxRetries: 9 }))

  it('writes each number of each step and epoch, in single precision, by how many steps were done', async () => {
    const points = await readScalars(kept)
    const curve = (tag: string) => points.filter((point) => point.tag === tag).map(({ step, value }) => [step, value])
    for (const name of ['loss', 'learningRate', 'weightDecay', 'seconds', 'waited'] as const) {
      expect(curve(`step/${name}`)).toEqual(steps.map((record) => [record.step + 1, Math.fround(record[name])]))
    }
    for (const name of ['loss', 'top1', 'top5'] as const) {
      expect(curve(`${name}/training`)).toEqual(
        epochs.map(({ training }, at) => [2 * (at + 1), Math.fround(training[name])]),
      )
      expect(curve(`${name}/validation`)).toEqual(
        epochs.map(({ validation }, at) => [2 * (at + 1), Math.fround(validation?.[name] ?? Number.NaN)]),
      )
    }
  })

  it('writes histograms of the weights, of their changes over an epoch, and of what the optimizer keeps', async () => {
    const weights = await histogramsOf(kept, 'weights/conv2d/kernel')
    expect(weights.map(({ step, num, min, max }) => [step, num, min, max])).toEqual(
      kernels.map((data, epoch) => [2 * epoch, 108, Math.min(...data), Math.max(...data)]),
    )
    for (const { bucket, bucketLimit, max } of weights) {
      expect(bucket.reduce((sum, count) => sum + count, 0)).toBe(108)
      expect([bucketLimit.length, bucketLimit.at(-1)]).toEqual([30, max])
    }
    const changes = kernels.slice(1).map((data, epoch) => data.map((value, at) => value - (kernels[epoch]?.[at] ?? 0)))
    expect((await histogramsOf(kept, 'updates/conv2d/kernel')).map(({ step, min, max }) => [step, min, max])).toEqual(
      changes.map((data, epoch) => [2 * (epoch + 1), Math.min(...data), Math.max(...data)]),
    )
    const moments = await histogramsOf(kept, 'optimizer/conv2d/kernel/firstMoment')
    expect(moments.map(({ step }) => step)).toEqual([0, 2, 4])
  })

  it('writes histograms of the gradients by which the step after moves the weights', async () => {
    const found = await histogramsOf(kept, 'gradients/conv2d/kernel')
    expect(found.map(({ step, num }) => [step, num])).toEqual([0, 2, 4].map((step) => [step, 108]))
    expect(found.map(({ min, max }) => [min, max])).toEqual(
      gradients.map((data) => [Math.min(...data), Math.max(...data)]),
    )
    // The first step of AdamW leaves of its gradients what 1 - beta1 is of them.
    const [first] = gradients
    for (const [at, gradient] of (first ?? []).entries()) expect(firstMoment?.[at]).toBeCloseTo(gradient / 10, 6)
    expect(Math.max(...(first ?? []))).toBeGreaterThan(1e-3)
  })

  it('goes on without gradients where they cannot be computed, and says so once', async () => {
    const said: string[] = []
    const callback = tensorboard({ folder, warn: (line) => void said.push(line) })
    const readGradients = (): never => {
      throw new ConvzooError({ kind: 'engine', message: 'There is no memory left.' })
    }
    const trainer = trainerOf({
      onTrainBegin: (progress, context) => callback.onTrainBegin?.(progress, { ...context, readGradients }),
      onStep: (record, context) => callback.onStep?.(record, context),
      onEpoch: (record, context) => callback.onEpoch?.(record, context),
      onTrainEnd: (context) => callback.onTrainEnd?.(context),
    })
    await trainer.fit(dataset, { ...options, epochs: 2 })
    await trainer.dispose()
    expect(said).toEqual([expect.stringMatching(/^Gradients are not written .*There is no memory left/)])
    expect(await histogramsOf(folder, 'gradients/conv2d/kernel')).toEqual([])
    expect((await histogramsOf(folder, 'weights/conv2d/kernel')).map(({ step }) => step)).toEqual([0, 2, 4])
  })

  it('draws the filters that see the picture, and the network', async () => {
    const drawn = await valuesOf(kept, 'filters/conv2d/kernel')
    expect(drawn.map(({ step }) => step)).toEqual([0, 2, 4])
    const [{ value } = { value: undefined }] = drawn
    const [width, height, png] = value?.case === 'tensor' ? value.value.stringVal : []
    // Four filters of 3 x 3 pixels, each pixel 15 x 15, with gaps of 4.
    expect([width, height].map((each) => new TextDecoder().decode(each))).toEqual(['102', '102'])
    expect(
      Buffer.from(png ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    const graphs = (await readEvents(kept)).flatMap(({ what }) => (what.case === 'graphDef' ? [what.value] : []))
    expect(
      graphs.map((graph) => fromBinary(GraphDefSchema, graph).node.map(({ op, input }) => [op, ...input])),
    ).toEqual([
      [
        ['InputLayer'],
        ['Conv2D', 'input_1'],
        ['MaxPooling2D', 'conv2d'],
        ['Flatten', 'max_pooling2d'],
        ['Dense', 'flatten'],
      ],
    ])
  })

  it('leaves out histograms and pictures where that is asked for, and takes every second epoch', async () => {
    const trainer = trainerOf(tensorboard({ folder, histograms: 2, gradients: false, images: false }))
    await trainer.fit(dataset, { ...options, epochs: 3 })
    await trainer.dispose()
    expect((await histogramsOf(folder, 'weights/dense/bias')).map(({ step }) => step)).toEqual([0, 4])
    expect(await valuesOf(folder, 'filters/conv2d/kernel')).toEqual([])
    expect(await valuesOf(folder, 'gradients/conv2d/kernel')).toEqual([])
    const other = mkdtempSync(join(folder, 'none-'))
    const without = trainerOf(tensorboard({ folder: other, histograms: 0, gradients: true }))
    await without.fit(dataset, { ...options, epochs: 1 })
    await without.dispose()
    expect((await readScalars(other)).map(({ tag }) => tag)).toContain('loss/training')
    const tags = (await readEvents(other)).flatMap(({ what }) =>
      what.case === 'summary' ? what.value.value.map(({ tag }) => tag) : [],
    )
    expect(tags.filter((tag) => /^(?:weights|updates|gradients|optimizer|filters)/.test(tag))).toEqual([])
  })

  it('goes on in a file of its own, after which what was written of later steps counts no more', async () => {
    const checkpoint = join(folder, 'at-2.safetensors')
    const first = trainerOf(tensorboard({ folder }), {
      onEpoch: async ({ epoch }, { saveCheckpoint }) => void (epoch === 0 && (await saveCheckpoint(checkpoint))),
    })
    await first.fit(dataset, { ...options, epochs: 3 })
    await first.dispose()
    const whole = await readScalars(folder)
    // As of a process that was killed while it wrote.
    const [name = ''] = readdirSync(folder).filter((each) => each.includes('tfevents'))
    truncateSync(join(folder, name), statSync(join(folder, name)).size - 5)
    const second = trainerOf(tensorboard({ folder }))
    await second.loadCheckpoint(checkpoint)
    await second.fit(dataset, { ...options, epochs: 3 })
    await second.dispose()
    expect(readdirSync(folder).filter((each) => each.includes('tfevents')).length).toBe(2)
    const measured = (points: typeof whole) => points.filter(({ tag }) => !/seconds|waited/.test(tag))
    expect(measured(await readScalars(folder))).toEqual(measured(whole))
  })

  it('is refused before the first step where neither a folder nor a run is there', async () => {
    const trainer = trainerOf(tensorboard())
    await expect(trainer.fit(dataset, { ...options, epochs: 1 })).rejects.toThrow(/"folder" of tensorboard/)
    await trainer.dispose()
  })

  it('says once that it cannot write, and lets training go on', async () => {
    const blocked = join(folder, 'file')
    writeFileSync(blocked, '')
    const said: string[] = []
    const trainer = trainerOf(tensorboard({ folder: blocked, warn: (line) => void said.push(line) }))
    const { completed } = await trainer.fit(dataset, { ...options, epochs: 1 })
    await trainer.dispose()
    expect(completed).toBe(true)
    expect(said).toEqual([expect.stringMatching(/^Nothing more is written for TensorBoard: .*file/)])
  })
})
