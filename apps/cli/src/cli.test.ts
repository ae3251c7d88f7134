import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, convzoo, ninRun } from './testing/convzoo.js'

describe('convzoo summary', () => {
  it('prints what Keras prints, and nothing else', () => {
    const { stdout, stderr, status } = convzoo('summary', 'alexnet')
    const fixture = new URL('../../../packages/alexnet/src/fixtures/summary.txt', import.meta.url)
    expect(stdout).toBe(readFileSync(fixture, 'utf8'))
    expect([status, stderr]).toEqual([0, ''])
  })

  it('loads no engine and no native code', () => {
    const check = `process.argv = ['node', 'convzoo', 'summary', 'alexnet']; await import(${JSON.stringify(cli)}); const { report } = process; console.error(JSON.stringify(report.getReport().sharedObjects.filter((name) => name.endsWith('.node'))))`
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', check], { encoding: 'utf8' })
    expect(JSON.parse(stderr)).toEqual([])
  })

  it('gives JSON to programs', () => {
    const summary = JSON.parse(convzoo('summary', 'alexnet', '--format', 'json').stdout)
    expect(summary.totals).toEqual({ parameters: 62_378_344, trainable: 62_378_344, nonTrainable: 0 })
    expect(summary.layers[1]).toEqual({
      name: 'conv2d',
      type: 'conv2d',
      outputShape: [55, 55, 96],
      parameters: 34_944,
      inputs: ['input_1[0][0]'],
    })
  })
})

describe('convzoo list', () => {
  it('names ids, parameters and package', () => {
    const lines = convzoo('list').lines.map((line) => line.replace(/ +/g, ' '))
    const expected = [
      /^alexnet, alexnet\.notebook, alexnet\.paper2012-single, alexnet\.torchvision 62,378,344 AlexNet, one tower \(@convzoo\/alexnet@\d/,
      /^alexnet-twotower, alexnet-twotower\.notebook, alexnet-twotower\.paper2012, alexnet-twotower\.caffe 200,425,832 AlexNet, two towers \(/,
      /^nin, nin\.notebook, nin\.imagenet, nin\.cifar10 3,747,200 Network In Network \(/,
      /^zfnet, zfnet\.notebook, zfnet\.paper2013 201,818,216 ZFNet \(/,
      /^engine onnx .*\(@convzoo\/engine-onnx@\d/,
      /^optimizer sgdw \S.*\(convzoo@\d/,
      /^schedule cosine \S.*\(convzoo@\d/,
      /^loss categoricalCrossentropy \S.*\(convzoo@\d/,
      /^dataset mnist \(convzoo@\d/,
      /^callback earlyStopping \S.*\(convzoo@\d/,
    ]
    for (const line of expected) expect(lines).toContainEqual(expect.stringMatching(line))
  })
})

describe('bad input', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an unknown id', ['summary', 'alexnt'], /did you mean alexnet/],
    ['an input that is too small', ['summary', 'alexnet', '--input', '20x20x3'], /larger than its input/],
    ['an input of another form', ['summary', 'alexnet', '--input', '67x67'], /--input[\s\S]*227x227x3[\s\S]*67x67/],
    ['batch size 0', ['train', 'alexnet', '--batch-size', '0'], /--batch-size[\s\S]*at least 1[\s\S]*received: 0/],
    ['half an epoch', ['train', 'alexnet', '--epochs', '1.5'], /--epochs[\s\S]*whole number/],
    [
      'a rate that is no number',
      ['train', 'alexnet', '--learning-rate', 'fast'],
      /--learning-rate[\s\S]*received: fast/,
    ],
    ['data that are nothing', ['train', 'alexnet', '--data', 'minst'], /minst cannot be read[\s\S]*no such file/],
    [
      'nothing to train on',
      ['train', 'alexnet'],
      /What should alexnet be trained on[\s\S]*--data flowers[\s\S]*--data mnist[\s\S]*--data cifar10/,
    ],
    [
      'files beside a set to predict',
      ['predict', 'run', 'a.jpg', '--split', 'train', '--data', 'mnist'],
      /do not go together[\s\S]*--data, --split beside files/,
    ],
    ['a run that is not there', ['evaluate', 'nowhere'], /nowhere is not the folder of a run/],
    [
      'an option of another optimizer',
      ['train', 'alexnet', '--data', 'mnist', '--optimizer', 'adamw', '--momentum', '0.9'],
      /does not go with --optimizer adamW[\s\S]*--beta1[\s\S]*received: --momentum/,
    ],
    [
      'an option of another schedule',
      ['train', 'alexnet', '--data', 'mnist', '--schedule', 'constant', '--final-learning-rate', '0.1'],
      /does not go with --schedule constant[\s\S]*received: --final-learning-rate/,
    ],
    ['neither id nor run', ['train'], /the id of a network/],
    ['an unknown option', ['train', 'alexnet', '--speed', '9'], /unknown option '--speed'/],
  ]

  it.each(cases)('%s exits with 2 and no stack', (_, parameters, message) => {
    const { status, stderr, stdout } = convzoo(...parameters)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  it('shows the stack with --debug', () => {
    expect(convzoo('--debug', 'summary', 'alexnt').stderr).toMatch(/^ {4}at /m)
  })

  it('leaves a run folder that exists as it is', () => {
    const run = mkdtempSync(join(tmpdir(), 'convzoo-taken-'))
    try {
      writeFileSync(join(run, 'precious'), 'mine')
      const { status, stderr } = convzoo(...ninRun(run))
      expect(status).toBe(2)
      expect(stderr).toContain('exists already')
      expect(readFileSync(join(run, 'precious'), 'utf8')).toBe('mine')
    } finally {
      rmSync(run, { recursive: true, force: true, maxRetries: 9 })
    }
  })
})
