import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { createModel } from '@convzoo/core'
import { nin } from '@convzoo/nin'
import { openSafetensors } from '@convzoo/safetensors'
import { describe, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const said = manifest.convzoo['weights/v1']['nin-fashion-mnist']
const pathOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const read = (name: string): Buffer => readFileSync(pathOf(name))

const readme = read('README.md').toString('utf8')
const records: readonly { readonly type: string; readonly samples?: number; readonly top1?: number }[] = gunzipSync(
  read('training/metrics.jsonl.gz'),
)
  .toString('utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))
const config = JSON.parse(read('training/config.json').toString('utf8'))

describe('the weights', () => {
  it('have the checksum that the manifest says', () => {
    expect(createHash('sha256').update(read(said.file)).digest('hex')).toBe(said.sha256)
  })

  it('are those of the network that it says, for its input and classes', async () => {
    const file = await openSafetensors(pathOf(said.file))
    try {
      const { network, input = '', classes = '', preprocessing = '' } = file.metadata
      expect(network).toBe(said.network)
      expect([JSON.parse(input), JSON.parse(classes)]).toEqual([said.input, said.classes])
      const [height = 0, width = 0, channels = 0] = said.input
      const model = createModel(nin, { tag: 'cifar10', input: [height, width, channels], classes: said.classes.length })
      const shapes = new Map(file.tensors.map(({ name, shape }) => [name, shape]))
      expect(model.weights.map(({ name }) => [name, shapes.get(name)])).toEqual(
        model.weights.map(({ name, shape }) => [name, [...shape]]),
      )
      // How its training saw pictures goes with them: the pixels of those were whitened.
      expect(JSON.parse(preprocessing)).toMatchObject({ resize: 'bilinear', whitening: { type: 'zca' } })
      expect(shapes.get('whitening.matrix')).toEqual([height * width, height * width])
    } finally {
      await file.close()
    }
  })
})

describe('the log of their training', () => {
  it('is of the network, the data and the classes that the manifest says', () => {
    expect(config).toMatchObject({
      network: { id: said.network, input: said.input },
      data: { source: 'fashion-mnist' },
      made: { classNames: said.classes },
    })
    expect(config.data).not.toHaveProperty('limit')
  })

  it('ends with the one test, of all the 10,000 images, whose accuracy the manifest and the README say', () => {
    const tests = records.filter(({ type }) => type === 'test')
    expect(tests).toEqual([expect.objectContaining({ samples: 10_000, top1: said.accuracy })])
    expect(records.at(-1)).toBe(tests[0])
    expect(readme).toContain(`${(said.accuracy * 100).toFixed(2)} %`)
  })

  it('has each step of each epoch', () => {
    const { epochs, batchSize } = config.training
    const steps = records.filter(({ type }) => type === 'step')
    expect(steps).toHaveLength(epochs * Math.ceil(55_000 / batchSize))
    const epochRecords = records.filter(({ type }) => type === 'epoch')
    expect(epochRecords).toHaveLength(epochs)
    expect(epochRecords.at(-1)).toMatchObject({ training: { samples: 55_000 }, validation: { samples: 5000 } })
  })
})

describe('whose they are', () => {
  it('is said: ours, and the notice of those who made the pictures', () => {
    expect(said.license).toBe(manifest.license)
    expect(read('NOTICE-fashion-mnist').toString('utf8')).toMatch(/The MIT License[\s\S]*\(c\) 2017 Zalando SE/)
    expect(readme).toContain('Copyright (c) 2017 Zalando SE')
  })
})
