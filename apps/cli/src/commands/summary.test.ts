import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { alexnet } from '@convzoo/alexnet'
import { alexnetTwoTower } from '@convzoo/alexnet-twotower'
import { createModel, input, type Model, renderKeras, summarize } from '@convzoo/core'
import { nin } from '@convzoo/nin'
import { zfnet } from '@convzoo/zfnet'
import { describe, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

function summary(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'summary', ...parameters], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** What Keras printed for the notebook's networks, each built after those before it. */
const printed = (name: string): string =>
  readFileSync(new URL(`../../../../packages/${name}/src/fixtures/summary.txt`, import.meta.url), 'utf8')

const session = ['alexnet', 'alexnet-twotower', 'zfnet', 'nin'] as const

describe('convzoo summary --keras-session', () => {
  it('prints four networks byte for byte as one Keras session does, and nothing between', () => {
    const { stdout, stderr, status } = summary(...session, '--keras-session')
    // The notebook made no model of ZFNet, so its NIN is the third; here it is the fourth.
    const fourth = printed('nin').replace('Model: "model_2"', 'Model: "model_3"')
    expect(stdout).toBe([...session.slice(0, 3).map(printed), fourth].join(''))
    expect([status, stderr]).toEqual([0, ''])
  })

  it('names each network from the start without it', () => {
    const { stdout } = summary(...session)
    expect(stdout.match(/Model: "model"\n/g)).toHaveLength(4)
    expect(stdout).toContain(printed('alexnet'))
    expect(stdout).not.toContain('conv2d_10')
  })

  it('shares the input that it is told', () => {
    const { stdout } = summary('alexnet', 'nin', '--keras-session', '--input', '67x67x1', '--classes', '10')
    expect(stdout.match(/ input_1 \(InputLayer\) +\[\(None, 67, 67, 1\)\]/g)).toHaveLength(2)
    expect(stdout).toContain(' conv2d_5 (Conv2D)')
  })

  it('gives several networks to programs as a list', () => {
    const list = JSON.parse(summary('nin', 'alexnet', '--keras-session', '--format', 'json').stdout)
    expect(list.map(({ name, totals }: { name: string; totals: object }) => [name, totals])).toEqual([
      ['model', { parameters: 3_747_200, trainable: 3_747_200, nonTrainable: 0 }],
      ['model_1', { parameters: 62_378_344, trainable: 62_378_344, nonTrainable: 0 }],
    ])
  })
})

describe('convzoo summary --cost', () => {
  it('adds what a network costs to what Keras prints', () => {
    const { stdout } = summary('alexnet', '--cost')
    const lines = stdout.split('\n').map((line) => line.trimEnd().replace(/ {2,}/g, '  '))
    expect(lines).toContain(' conv2d (Conv2D)  (None, 55, 55, 96)  34944  105,415,200  1,134 KiB  11×11')
    expect(lines).toContain(' dense (Dense)  (None, 4096)  37752832  37,748,736  16 KiB  227×227')
    expect(lines).toContain('Total params: 62,378,344')
    // 55²·11²·3·96 + 27²·5²·96·256 + 13²·3²·(256·384 + 384² + 384·256) + 9216·4096 + 4096² + 4096·1000
    expect(lines).toContain('Multiply-adds: 1,135,256,096')
  })

  it('keeps connections beside it, and gives it to programs', () => {
    expect(summary('alexnet-twotower', '--cost').stdout).toMatch(/51×51 +\['conv2d_1\[0\]\[0\]', *\n/)
    const { layers, totals } = JSON.parse(summary('nin', '--cost', '--format', 'json').stdout)
    expect(layers.at(-2)).toMatchObject({
      ...{ name: 'max_pooling2d_2', multiplyAdds: 0, activationBytes: 36_864 },
      receptiveField: { size: [195, 195], strides: [32, 32] },
    })
    // AlexNet's without its three dense layers.
    expect(totals.multiplyAdds).toBe(1_135_256_096 - 9216 * 4096 - 4096 * 4096 - 4096 * 1000)
  })
})

it('a network whose layers are built without making a model of them counts for layers and not for models', () => {
  const images = input({ shape: [227, 227, 3] })
  const print = (model: Model): string => renderKeras(summarize(model))
  expect(print(createModel(alexnet, { input: images }))).toBe(printed('alexnet'))
  expect(print(createModel(alexnetTwoTower, { input: images }))).toBe(printed('alexnet-twotower'))
  zfnet.tags.notebook.build({ input: images, classes: 1000 })
  expect(print(createModel(nin, { input: images }))).toBe(printed('nin'))
})
