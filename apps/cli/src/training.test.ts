import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, type Ended, metricsOf, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const project = new Project('training')
const { convzoo } = project

/** A run that the tests read, and what its training said. */
const run = project.path('run')
let training: Ended
beforeAll(() => {
  training = convzoo(...smallRun(run))
})

const weightsOf = (folder: string): Buffer => readFileSync(join(folder, 'weights.safetensors'))

describe('convzoo train and evaluate', () => {
  it('leaves a whole run behind, whose evaluation says the same', () => {
    const { lines, status, stderr } = training
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
  })

  it('stops at a step that is not finite, and says what to do', () => {
    const run = project.path('diverged')
    const { status, stderr } = convzoo(
      ...smallRun(run, '--recipe', 'notebook', '--learning-rate', '1000', '--epochs', '20'),
    )
    expect(status).toBe(2)
    expect(stderr).toContain('lower the learning rate')
    expect(stderr).toContain(`convzoo train --resume ${run} --learning-rate`)
    // The steps before it are kept: the run goes on right there.
    const step = /in step (\d+)/.exec(stderr)?.[1]
    const resumed = convzoo('train', '--resume', run)
    expect(resumed.stdout).toContain(`resumed at step ${step}`)
    expect([resumed.status, resumed.stderr]).toEqual([2, stderr])
  })
})

describe('convzoo predict', () => {
  it('gives programs the most probable classes with the true one', () => {
    const { status, stdout } = convzoo('predict', run, '--index', '0-2,5', '--top', '3', '--json')
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
  })

  it('draws bars for people', () => {
    const { status, lines } = convzoo('predict', run, '--split', 'train', '--top', '10')
    expect([status, lines.length]).toEqual([0, 11])
    expect(lines[0]).toMatch(/^mnist train 0: 5/)
    expect(lines.filter((line) => line.includes('✓'))).toEqual([
      expect.stringMatching(/^ {2}5 [█ ]{30} +\d+\.\d\d % ✓$/),
    ])
  })

  it('refuses images and classes that are not there, exit code 2', () => {
    for (const [index, message] of [
      ['9999-10001', /10000/],
      ['9-2', /--index[\s\S]*received: 9-2/],
      ['-1', /--index/],
    ] as const) {
      const { status, stderr } = convzoo('predict', run, `--index=${index}`)
      expect(stderr).toMatch(message)
      expect(status).toBe(2)
    }
  })
})

describe('disk and files', () => {
  it.skipIf(process.platform === 'win32')(
    'that take no more (Windows has no ulimit) leave whole files, and a run that goes on when there is room',
    () => {
      const full = project.path('full')
      // 50 kB a file at most: enough for the metrics, too little for a checkpoint.
      const limited = spawnSync(
        'sh',
        ['-c', 'ulimit -f 100; exec "$0" "$@"', process.execPath, cli, ...smallRun(full)],
        { encoding: 'utf8', cwd: project.folder },
      )
      expect(limited.stderr).toMatch(/step-00000003\.safetensors cannot be written[\s\S]*make room on the disk/)
      expect(limited.status).toBe(2)
      expect(readdirSync(join(full, 'checkpoints'))).toEqual([])
      expect(metricsOf(full)).toHaveLength(4)
      expect(convzoo('train', '--resume', full).status).toBe(0)
      expect(weightsOf(full).equals(weightsOf(run))).toBe(true)
    },
  )

  it.skipIf(process.platform === 'win32')('that take no metrics (Windows has no ulimit) leave no half a line', () => {
    const run = project.path('no-metrics')
    const limited = spawnSync(
      'sh',
      ['-c', 'ulimit -f 3; exec "$0" "$@"', process.execPath, cli, ...smallRun(run, '--epochs', '9')],
      { encoding: 'utf8', cwd: project.folder },
    )
    expect(limited.stderr).toMatch(/cannot be (written|added to)[\s\S]*make room/)
    expect(limited.status).toBe(2)
    const path = join(run, 'metrics.jsonl')
    expect(existsSync(path) ? readFileSync(path, 'utf8') : '\n').toMatch(/\n$|^$/)
  })

  it('that are in the way or damaged end evaluation with exit code 2', () => {
    const cut = project.path('cut')
    cpSync(run, cut, { recursive: true })
    truncateSync(join(cut, 'weights.safetensors'), 5000)
    expect(convzoo('evaluate', cut)).toMatchObject({ status: 2, stderr: expect.stringMatching(/cannot be read/) })
    writeFileSync(join(cut, 'weights.safetensors'), 'GIF89a is not what it should be')
    expect(convzoo('evaluate', cut)).toMatchObject({ status: 2, stderr: expect.stringMatching(/header of \d+ bytes/) })
    writeFileSync(project.path('taken'), 'a file')
    expect(convzoo(...smallRun(project.path('taken/run')))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/E(?:NOTDIR|NOENT|EXIST)/),
    })
  })
})
