import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Callback, createModel, type Dataset, functionalModel, type Model, sgd } from '@convzoo/core'
import { onnx } from '@convzoo/engine-onnx'
import { openSafetensors } from '@convzoo/safetensors'
import { Trainer } from '@convzoo/trainer'
import { describe, expect, it } from 'vitest'
import { googlenet } from './googlenet.js'

const side = 65
const epochs = 2
const job = { epochs, batchSize: 2 }

/** Gradients of several strengths: upright ones, and lying ones. */
const gradients: Dataset = {
  specification: 'dataset/v1',
  name: 'gradients',
  length: 4,
  classes: ['upright', 'lying'],
  imageShape: [side, side, 1],
  batch: async (indices) => {
    const images = Array.from(indices).flatMap((index) =>
      Array.from({ length: side * side }, (_, pixel) => {
        const place = index % 2 === 0 ? pixel % side : Math.floor(pixel / side)
        return (place / side) * (1 + index)
      }),
    )
    const targets = Array.from(indices).flatMap((index) => (index % 2 === 0 ? [1, 0] : [0, 1]))
    return { images: Float32Array.from(images), targets: Float32Array.from(targets) }
  },
}

const withHeads = (): Model => createModel(googlenet, { input: [side, side, 1], classes: 2 })

function withoutHeads(): Model {
  const { inputs, output } = withHeads()
  return functionalModel({ inputs, output })
}

const trainer = (model: Model, callbacks: readonly Callback[] = []): Trainer =>
  new Trainer({
    model,
    engine: onnx({ device: 'cpu' }),
    optimizer: sgd({ learningRate: 1e-3, momentum: 0.9 }),
    callbacks,
  })

async function stemOf(trained: Trainer): Promise<Float32Array> {
  for await (const { data } of trained.readState(['conv2d/kernel'])) return data
  throw new Error('The network has no stem.')
}

describe('googlenet through the Trainer', () => {
  it('is trained by its auxiliary heads, keeps them in a checkpoint, and ends byte for byte the same when it is resumed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'convzoo-googlenet-'))
    try {
      const path = (name: string): string => join(folder, `${name}.safetensors`)
      await using whole = trainer(withHeads())
      await whole.fit(gradients, job)
      await whole.saveCheckpoint(path('whole'))

      await using plain = trainer(withoutHeads())
      await plain.fit(gradients, job)
      expect(await stemOf(plain)).not.toEqual(await stemOf(whole))

      const controller = new AbortController()
      await using stopped = trainer(withHeads(), [{ onStep: ({ step }) => void (step === 0 && controller.abort()) }])
      await stopped.fit(gradients, { ...job, signal: controller.signal })
      await stopped.saveCheckpoint(path('stopped'))
      const file = await openSafetensors(path('stopped'))
      const tensors = new Map<string, Float32Array>()
      for await (const { name, data } of file.read()) tensors.set(name, data)
      await file.close()
      const heads = withHeads().auxiliary.flatMap(({ weights }) => weights)
      expect(heads).toHaveLength(12)
      for (const { name, key } of heads) {
        expect(tensors.has(`${name}/velocity`), name).toBe(true)
        // One step has moved biases from 0, and kernels start as random numbers.
        expect(
          tensors.get(name)?.some((value) => value !== 0),
          `${name} ${key}`,
        ).toBe(true)
      }

      await using resumed = trainer(withHeads())
      await resumed.loadCheckpoint(path('stopped'))
      await resumed.fit(gradients, job)
      await resumed.saveCheckpoint(path('resumed'))
      expect((await readFile(path('resumed'))).equals(await readFile(path('whole')))).toBe(true)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 300_000)

  it('predicts with the weights of a training, which are without its heads', async () => {
    await using trained = trainer(withHeads())
    await trained.fit(gradients, { ...job, epochs: 1 })
    await using other = new Trainer({ model: withHeads(), engine: onnx({ device: 'cpu' }) })
    await other.writeWeights(trained.readWeights())
    const { images } = await gradients.batch([0, 1])
    expect(await other.predict(images)).toEqual(await trained.predict(images))
  }, 300_000)
})
