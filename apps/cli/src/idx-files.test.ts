import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Project } from './testing/project.js'

const fixtures = fileURLToPath(new URL('../../../packages/data/src/fixtures/fashion-mnist', import.meta.url))

const { folder, convzoo } = new Project('idx-files')

/** A folder with MNIST's four files, those of the test the same as those of the training; `damage` changes it. */
function idxFolder(name: string, damage: (path: (file: string) => string) => void): string {
  const path = (file: string): string => join(folder, name, file)
  mkdirSync(join(folder, name))
  for (const file of ['images-idx3-ubyte', 'labels-idx1-ubyte']) {
    for (const split of ['train', 't10k']) {
      copyFileSync(join(fixtures, `train-${file}.gz`), path(`${split}-${file}.gz`))
    }
  }
  damage(path)
  return join(folder, name)
}

const train = (data: string, run: string) =>
  convzoo(
    'train',
    'nin',
    '--engine',
    'onnx',
    '--input',
    '67x67x1',
    '--limit',
    '4',
    '--test-limit',
    '4',
    '--data',
    data,
    '--run',
    run,
  )

describe('convzoo train on IDX files', () => {
  it.each([
    [
      'with a label outside the classes',
      (path: (file: string) => string) => {
        const labels = gunzipSync(readFileSync(path('t10k-labels-idx1-ubyte.gz')))
        labels[8] = 99
        rmSync(path('t10k-labels-idx1-ubyte.gz'))
        writeFileSync(path('t10k-labels-idx1-ubyte'), labels)
      },
      /label[\s\S]*received: 99/,
    ],
    [
      'that are cut off',
      (path: (file: string) => string) => {
        const images = gunzipSync(readFileSync(path('train-images-idx3-ubyte.gz')))
        rmSync(path('train-images-idx3-ubyte.gz'))
        writeFileSync(path('train-images-idx3-ubyte'), images.subarray(0, 5000))
      },
      /train-images-idx3-ubyte[\s\S]*received/,
    ],
    [
      'that are something else',
      (path: (file: string) => string) => writeFileSync(path('train-images-idx3-ubyte.gz'), 'GIF89a'),
      /train-images-idx3-ubyte/,
    ],
    [
      'of which one is missing',
      (path: (file: string) => string) => rmSync(path('train-images-idx3-ubyte.gz')),
      /train-images-idx3-ubyte[\s\S]*no such file/,
    ],
  ])('%s exits with 2 and no stack, and makes no run', (name, damage, message) => {
    const run = join(folder, `run ${name}`)
    const { status, stdout, stderr } = train(idxFolder(name, damage), run)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect([status, stdout]).toEqual([2, ''])
    expect(existsSync(run)).toBe(false)
  })
})

describe('convzoo train', () => {
  it('takes IDX files in grey, with the statistics of the network', () => {
    const run = join(folder, 'grey')
    const { status, stderr } = train(
      idxFolder('good', () => undefined),
      run,
    )
    expect([status, stderr]).toEqual([0, ''])
    const { preprocessing } = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8')).made
    // The means of ImageNet's 0.485, 0.456, 0.406 and 0.229, 0.224, 0.225.
    expect(preprocessing.mean[0]).toBeCloseTo(0.449, 12)
    expect(preprocessing.standardDeviation[0]).toBeCloseTo(0.226, 12)
  })

  it('into a folder that cannot be written exits with 2 and no stack', () => {
    writeFileSync(join(folder, 'file'), '')
    const { status, stderr } = train(
      idxFolder('whole', () => undefined),
      join(folder, 'file', 'run'),
    )
    expect(stderr).toContain(`The run folder ${join(folder, 'file', 'run')} cannot be `)
    expect(stderr).toMatch(/permissions/)
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(status).toBe(2)
  })
})
