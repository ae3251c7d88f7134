import type { Dataset, Engine, Executable } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { recorded, recordedNetwork } from '../testing/networks.js'
import { activations, deconvnet, inputGradients, type Network, occlusion, topActivations } from './index.js'

const images = Float32Array.from(recorded.images)

/** An engine that counts what is compiled and not yet disposed of, and how often weights were written. */
function counting() {
  const real = interpreterEngine()
  const counts = { compiled: 0, open: 0, written: 0 }
  const engine: Engine = {
    specification: real.specification,
    name: real.name,
    devices: () => real.devices(),
    async compile(program, options) {
      const executable = await real.compile(program, options)
      counts.compiled++
      counts.open++
      return {
        ...{ description: executable.description, run: executable.run.bind(executable) },
        readState: executable.readState.bind(executable),
        async writeState(tensors) {
          counts.written++
          await executable.writeState(tensors)
        },
        async dispose() {
          counts.open--
          await executable.dispose()
        },
      }
    },
  }
  return { engine, counts }
}

/** A network that keeps what looks leave. */
function keeping() {
  const { engine, counts } = counting()
  const keptLooks = new Map<string, Executable>()
  const network: Network = { ...recordedNetwork(engine), keptLooks }
  return { network, counts, keptLooks }
}

describe('what a look has compiled', () => {
  it('is left where the network keeps it, and the same look goes on with it', async () => {
    const { network, counts } = keeping()
    const first = await inputGradients(network, { images })
    const again = await inputGradients(network, { images })
    const other = await inputGradients(network, { images: images.map((value) => -value) })
    expect(again).toEqual(first)
    expect(other.values).not.toEqual(first.values)
    expect(counts).toEqual({ compiled: 1, open: 1, written: 1 })
  })

  it('makes room for another look', async () => {
    const { network, counts, keptLooks } = keeping()
    await activations(network, { images, layer: 'conv2d' })
    await activations(network, { images, layer: 'conv2d_1' })
    expect(counts).toMatchObject({ compiled: 2, open: 1 })
    await activations(network, { images, layer: 'conv2d' })
    expect(counts).toMatchObject({ compiled: 3, open: 1 })
    expect(keptLooks.size).toBe(1)
  })

  it('is used by one look at a time', async () => {
    const { network, counts } = keeping()
    const [plain] = await Promise.all([inputGradients(network, { images })])
    const both = await Promise.all([inputGradients(network, { images }), inputGradients(network, { images })])
    expect(both).toEqual([plain, plain])
    expect(counts).toMatchObject({ compiled: 2, open: 1 })
  })

  it('is disposed of after each look at a network that keeps nothing, and after one that fails', async () => {
    const { engine, counts } = counting()
    await inputGradients(recordedNetwork(engine), { images })
    expect(counts).toMatchObject({ compiled: 1, open: 0 })
    const { network, counts: kept, keptLooks } = keeping()
    const stop = new AbortController()
    const stopped = inputGradients(network, {
      images,
      batchSize: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrow('enough')
    expect([kept.open, keptLooks.size]).toEqual([0, 0])
  })

  it('is disposed of when nothing of it goes on any more, where a batch cannot be read', async () => {
    const { network, counts } = keeping()
    const dataset: Dataset = {
      ...{ specification: 'dataset/v1', name: 'broken', length: 3, classes: ['one', 'two', 'three', 'four'] },
      imageShape: recorded.input,
      batch: async (indices) => {
        if (indices[0] === 1) throw new Error('no disk')
        return { images: images.slice(0, images.length / 2), targets: new Float32Array(4), skipped: [] }
      },
    }
    await expect(topActivations(network, { layer: 'dense', dataset, batchSize: 1 })).rejects.toThrow('no disk')
    expect(counts).toMatchObject({ compiled: 1, open: 0 })
  })

  it('is disposed of where the weights cannot be read', async () => {
    const { engine, counts } = counting()
    const network: Network = {
      ...recordedNetwork(engine),
      // biome-ignore lint/correctness/useYield: it fails before the first.
      async *readWeights() {
        throw new Error('no disk')
      },
    }
    await expect(inputGradients(network, { images })).rejects.toThrow('no disk')
    expect(counts).toMatchObject({ compiled: 1, open: 0 })
  })

  it.each([
    ['classes that are found first', (network: Network) => inputGradients(network, { images })],
    ['the strongest activation', (network: Network) => deconvnet(network, { images, layer: 'conv2d_1' })],
    ['maps before anything is covered', (network: Network) => occlusion(network, { images, square: 4 })],
  ])('is given the weights once, also for %s', async (_, look) => {
    const { engine, counts } = counting()
    await look(recordedNetwork(engine))
    expect(counts).toEqual({ compiled: 1, open: 0, written: 1 })
  })
})
