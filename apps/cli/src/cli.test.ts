import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli, convzoo, metricsOf, smallRun } from './testing/convzoo.js'
import { earlierConfig } from './testing/earlier-config.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const train = (run: string, ...more: string[]) => convzoo(...smallRun(run, ...more))

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
      /^alexnet, alexnet\.notebook 62,378,344 AlexNet, one tower \(@convzoo\/alexnet@\d/,
      /^alexnet-twotower, alexnet-twotower\.notebook 200,425,832 AlexNet, two towers \(/,
      /^nin, nin\.notebook 3,747,200 Network In Network \(/,
      /^zfnet, zfnet\.notebook 201,818,216 ZFNet \(/,
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

describe('convzoo train and evaluate', () => {
  it('leaves a whole run behind, whose evaluation says the same', () => {
    const run = join(folder, 'first')
    const { lines, status, stderr } = train(run)
    expect([status, stderr]).toEqual([0, ''])
    expect(lines.at(-1)).toMatch(/^test accuracy \d+\.\d\d %$/)
    const metrics = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(metrics.map(({ type }) => type)).toEqual(['step', 'step', 'step', 'epoch', 'test'])
    expect(metrics.map(({ samples, training }) => samples ?? training.samples)).toEqual([4, 4, 2, 10, 20])
    expect(`test accuracy ${(100 * metrics.at(-1).top1).toFixed(2)} %`).toBe(lines.at(-1))
    // MNIST has no images to validate on.
    expect(metrics.at(-2)).not.toHaveProperty('validation')
    expect(lines).toContainEqual(expect.stringMatching(/^epoch 1\/1 \| .* \| accuracy \d/))
    for (const file of [
      'config.json',
      'environment.json',
      'weights.safetensors',
      'confusion.json',
      'curves.svg',
      'confusion.svg',
      'checkpoints/step-00000003.safetensors',
    ]) {
      expect(existsSync(join(run, file)), file).toBe(true)
    }
    const pictures = ['curves.svg', 'confusion.svg'].map((file) => readFileSync(join(run, file), 'utf8'))
    expect(pictures).toEqual([expect.stringMatching(/>accuracy</), expect.stringMatching(/>predicted/)])
    expect(convzoo('evaluate', run, '--limit', '20').lines.at(-1)).toBe(lines.at(-1))
  }, 180_000)

  it('takes a set by its name, a folder of that name by its path, and runs that were made with --dataset', () => {
    const place = mkdtempSync(join(folder, 'names-'))
    mkdirSync(join(place, 'mnist'))
    const inPlace = (...parameters: string[]) =>
      spawnSync(process.execPath, [cli, ...parameters], { cwd: place, encoding: 'utf8' })
    const named = inPlace(...smallRun('run'))
    expect([named.status, named.stderr]).toEqual([
      0,
      expect.stringMatching(/mnist is the set[^\n]*--data \.\/mnist\n$/),
    ])
    const folderOf = inPlace(...smallRun('other', '--data', './mnist'))
    expect([folderOf.status, folderOf.stderr]).toEqual([2, expect.stringMatching(/image|class/)])
    const path = join(place, 'run', 'config.json')
    const { data, made } = JSON.parse(readFileSync(path, 'utf8'))
    expect(data.source).toBe('mnist')
    writeFileSync(path, JSON.stringify(earlierConfig(made)))
    expect(convzoo('evaluate', join(place, 'run'), '--limit', '20').lines.at(-1)).toMatch(/^test accuracy/)
    expect(convzoo('train', '--resume', join(place, 'run'), '--epochs', '2').status).toBe(0)
    const { fingerprint } = made
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ data: { source: 'mnist' }, made: { fingerprint } })
  }, 120_000)

  it('gives the same weights bit for bit for the same seed, others for another', () => {
    const weights = (run: string) => readFileSync(join(folder, run, 'weights.safetensors'))
    train(join(folder, 'again'))
    train(join(folder, 'other'), '--seed', '2')
    expect(weights('again').equals(weights('first'))).toBe(true)
    expect(weights('other').equals(weights('first'))).toBe(false)
  }, 180_000)

  it('stops at a step that is not finite, and says what to do', () => {
    const run = join(folder, 'diverged')
    const { status, stderr } = train(run, '--learning-rate', '1000', '--epochs', '20')
    expect(status).toBe(2)
    expect(stderr).toContain('lower the learning rate')
    expect(stderr).toContain(`convzoo train --resume ${run} --learning-rate`)
    // The steps before it are kept: the run goes on right there.
    const step = /in step (\d+)/.exec(stderr)?.[1]
    const resumed = convzoo('train', '--resume', run)
    expect(resumed.stdout).toContain(`resumed at step ${step}`)
    expect([resumed.status, resumed.stderr]).toEqual([2, stderr])
  }, 180_000)
})

describe('convzoo predict', () => {
  it('gives programs the most probable classes with the true one', () => {
    const { status, stdout } = convzoo('predict', join(folder, 'first'), '--index', '0-2,5', '--top', '3', '--json')
    expect(status).toBe(0)
    const predictions: { image: string; truth: string; top: { class: string; probability: number }[] }[] =
      JSON.parse(stdout)
    // MNIST's first test images are 7, 2, 1, 0, 4, 1.
    expect(predictions.map(({ image, truth }) => `${image}: ${truth}`)).toEqual([
      'mnist test 0: 7',
      'mnist test 1: 2',
      'mnist test 2: 1',
      'mnist test 5: 1',
    ])
    for (const { top } of predictions) {
      const probabilities = top.map(({ probability }) => probability)
      expect(probabilities).toHaveLength(3)
      expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a))
    }
  }, 180_000)

  it('draws bars for people', () => {
    const { status, lines } = convzoo('predict', join(folder, 'first'), '--split', 'train', '--top', '10')
    expect([status, lines.length]).toEqual([0, 11])
    expect(lines[0]).toMatch(/^mnist train 0: 5/)
    expect(lines.filter((line) => line.includes('✓'))).toEqual([
      expect.stringMatching(/^ {2}5 [█ ]{30} +\d+\.\d\d % ✓$/),
    ])
  }, 180_000)

  it('refuses images and classes that are not there, exit code 2', () => {
    const run = join(folder, 'first')
    for (const [index, message] of [
      ['9999-10001', /10000/],
      ['9-2', /--index[\s\S]*received: 9-2/],
      ['-1', /--index/],
    ] as const) {
      const { status, stderr } = convzoo('predict', run, `--index=${index}`)
      expect(stderr).toMatch(message)
      expect(status).toBe(2)
    }
  }, 180_000)
})

describe('disk and files', () => {
  it.skipIf(process.platform === 'win32')(
    'that take no more (Windows has no ulimit) leave whole files, and a run that goes on when there is room',
    () => {
      const run = join(folder, 'full')
      // 10 MB a file at most: enough for the metrics, too little for a checkpoint.
      const limited = spawnSync(
        'sh',
        ['-c', 'ulimit -f 20000; exec "$0" "$@"', process.execPath, cli, ...smallRun(run)],
        { encoding: 'utf8' },
      )
      expect(limited.stderr).toMatch(/step-00000003\.safetensors cannot be written[\s\S]*make room on the disk/)
      expect(limited.status).toBe(2)
      expect(readdirSync(join(run, 'checkpoints'))).toEqual([])
      expect(metricsOf(run)).toHaveLength(4)
      expect(convzoo('train', '--resume', run).status).toBe(0)
      const weights = (name: string) => readFileSync(join(folder, name, 'weights.safetensors'))
      expect(weights('full').equals(weights('first'))).toBe(true)
    },
    180_000,
  )

  it.skipIf(process.platform === 'win32')(
    'that take no metrics (Windows has no ulimit) leave no half a line',
    () => {
      const run = join(folder, 'no-metrics')
      const limited = spawnSync(
        'sh',
        ['-c', 'ulimit -f 3; exec "$0" "$@"', process.execPath, cli, ...smallRun(run, '--epochs', '9')],
        { encoding: 'utf8' },
      )
      expect(limited.stderr).toMatch(/cannot be (written|added to)[\s\S]*make room/)
      expect(limited.status).toBe(2)
      const path = join(run, 'metrics.jsonl')
      expect(existsSync(path) ? readFileSync(path, 'utf8') : '\n').toMatch(/\n$|^$/)
    },
    180_000,
  )

  it('that are in the way or damaged end evaluation with exit code 2', () => {
    const run = join(folder, 'cut')
    cpSync(join(folder, 'first'), run, { recursive: true })
    truncateSync(join(run, 'weights.safetensors'), 5000)
    expect(convzoo('evaluate', run)).toMatchObject({ status: 2, stderr: expect.stringMatching(/cannot be read/) })
    writeFileSync(join(run, 'weights.safetensors'), 'GIF89a is not what it should be')
    expect(convzoo('evaluate', run)).toMatchObject({ status: 2, stderr: expect.stringMatching(/header of \d+ bytes/) })
    writeFileSync(join(folder, 'taken'), 'a file')
    expect(train(join(folder, 'taken', 'run'))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/E(?:NOTDIR|NOENT|EXIST)/),
    })
  }, 180_000)
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
      ['train', 'alexnet', '--data', 'mnist', '--final-learning-rate', '0.1'],
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
    const run = mkdtempSync(join(folder, 'taken-'))
    writeFileSync(join(run, 'precious'), 'mine')
    const { status, stderr } = train(run)
    expect(status).toBe(2)
    expect(stderr).toContain('exists already')
    expect(readFileSync(join(run, 'precious'), 'utf8')).toBe('mine')
  })
})
