import { costOf, createModel } from '@convzoo/core'
import { nin } from '@convzoo/nin'
import { describe, expect, it } from 'vitest'
import { type Benchmark, type BenchmarkOptions, benchmark } from '../index.js'

const small = { input: '67x67x3', classes: 10, batchSize: 2, seconds: 0.01, engine: 'onnx' } as const

async function measured(options: BenchmarkOptions): Promise<Benchmark> {
  const found = await benchmark('nin', { ...small, ...options })
  if (found === undefined) throw new Error('It was stopped.')
  return found
}

const { layers, totals } = costOf(createModel(nin, { input: [67, 67, 3], classes: 10 }))

describe('benchmark', () => {
  it.each([
    ['infer', totals.multiplyAdds],
    // Of the first convolution there is no gradient of the input.
    ['train', 3 * totals.multiplyAdds - (layers.find(({ name }) => name === 'conv2d')?.multiplyAdds ?? Number.NaN)],
  ] as const)(
    'counts steps of mode %s, what they take and what they compute, and tells it by layers',
    async (mode, multiplyAdds) => {
      const found = await measured({ mode, profile: true })
      const { millisecondsPerStep, imagesPerSecond, gigaflopsPerSecond, steps, layers: times = [], ...said } = found
      expect(said).toEqual({
        architecture: 'nin.notebook',
        input: [67, 67, 3],
        engine: 'onnx',
        device: 'cpu',
        description: expect.stringContaining('onnxruntime-node'),
        mode,
        batchSize: 2,
        peakMemoryBytes: expect.any(Number),
      })
      expect(steps).toBeGreaterThanOrEqual(5)
      const { best, p50, p90 } = millisecondsPerStep
      expect(best).toBeGreaterThan(0)
      expect(p50).toBeGreaterThanOrEqual(best)
      expect(p90).toBeGreaterThanOrEqual(p50)
      expect(imagesPerSecond).toBeCloseTo(2000 / best, 6)
      expect(gigaflopsPerSecond).toBeCloseTo((2 * multiplyAdds * imagesPerSecond) / 1e9, 6)
      expect(said.peakMemoryBytes).toBeGreaterThan(50e6)

      const convolutions = layers.flatMap(({ name, parameters }) => (parameters > 0 ? [name] : []))
      expect(times.map(({ layer }) => layer).filter((name) => convolutions.includes(name))).toEqual(convolutions)
      for (const { layer, forward, backward, update } of times.filter((time) => convolutions.includes(time.layer))) {
        expect([layer, forward > 0, backward + update > 0]).toEqual([layer, true, mode === 'train'])
      }
      const together = times.reduce((sum, { forward, backward, update }) => sum + forward + backward + update, 0)
      expect(times.find(({ layer }) => layer === 'other')?.forward ?? 0).toBeLessThan(0.2 * together)
    },
  )

  it('measures for as long as it is asked to', async () => {
    const { steps, millisecondsPerStep } = await measured({ mode: 'infer', seconds: 0.5 })
    expect(steps * millisecondsPerStep.p50).toBeGreaterThan(200)
    expect(steps).toBeGreaterThan(5)
  })

  it.each([
    ['a mode that there is not', { mode: 'fly' }, /"mode" of benchmark/],
    ['no images', { batchSize: 0 }, /"batchSize" of benchmark/],
    ['more images than an array holds', { batchSize: 1e15 }, /"batchSize" of benchmark/],
    ['no time', { seconds: Number.NaN }, /"seconds" of benchmark/],
    ['all time', { seconds: 1e15 }, /"seconds" of benchmark/],
    ['a number of classes that is none', { classes: 0 }, /"classes" of benchmark/],
    ['an input that is no image', { input: '67x67' }, /"input" of benchmark/],
    ['an option that there is not', { speed: 9 }, /speed/],
    ['an engine that is not there', { engine: 'abacus' }, /--engine/],
    [
      'a record of an engine that keeps none',
      { engine: { name: 'tfjs', device: 'cpu' }, profile: true },
      /"profile" of benchmark/,
    ],
  ])('refuses %s', async (_, options, message) => {
    await expect(benchmark('nin', { ...small, ...Object(options) })).rejects.toMatchObject({
      kind: 'option',
      message: expect.stringMatching(message),
    })
  })

  it('refuses a network that ends in features, where it is to be trained, and one that is not installed', async () => {
    await expect(benchmark('nin', { engine: 'onnx' })).rejects.toMatchObject({ kind: 'option' })
    await expect(benchmark('resnext', small)).rejects.toMatchObject({ kind: 'registry' })
  })

  it('refuses what is no name', async () => {
    for (const id of [undefined, null, 1, {}]) {
      await expect(Reflect.apply(benchmark, undefined, [id])).rejects.toMatchObject({ kind: 'option' })
    }
  })

  it('gives nothing where it is stopped', async () => {
    expect(await benchmark('nin', { ...small, signal: AbortSignal.abort() })).toBeUndefined()
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 1000)
    expect(await benchmark('nin', { ...small, seconds: 3600, signal: controller.signal })).toBeUndefined()
  })
})
