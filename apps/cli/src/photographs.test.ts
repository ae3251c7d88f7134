import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeSafetensors } from '@convzoo/safetensors'
import { beforeAll, describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const fixtures = fileURLToPath(new URL('../../../packages/data/src/fixtures/odd-images', import.meta.url))

const { folder, convzoo } = new Project('photographs')
const photographs = join(folder, 'photographs')
const run = (name: string): string => join(folder, name)

/** What every training on these photographs is told: one of them is broken. */
const common = ['--data', photographs, '--batch-size', '4', '--max-bad', '3']
const train = (name: string, ...more: string[]) =>
  convzoo('train', 'tiny', '--input', '12x12x3', ...common, '--run', run(name), ...more)
const trainPaper = (id: string, input: string, name: string, ...more: string[]) =>
  convzoo('train', id, '--input', input, ...common, '--run', run(name), ...more)

/** A run that sees images cropped, which the tests read. */
const cropped = run('cropped')
beforeAll(() => {
  process.env.CONVZOO_CACHE = join(folder, 'cache')
  const classes = {
    turned: [0, 1, 2, 3, 4, 5].map((turn) => `orientation_${turn}.jpg`),
    video: ['video-001.cmyk.jpeg', 'video-001.cmyk.png', 'video-005.gray.q50.jpeg', 'video-001.5bpp.gif'],
  }
  for (const [name, files] of Object.entries(classes)) {
    mkdirSync(join(photographs, name), { recursive: true })
    for (const file of files) copyFileSync(join(fixtures, file), join(photographs, name, file))
  }
  writeFileSync(join(photographs, 'video', 'broken.jpg'), 'no image')
  expect(train('cropped', '--shorter-side', '16').status).toBe(0)
}, 60_000)

const weights = (name: string) => readFileSync(join(run(name), 'weights.safetensors'))
const preprocessingOf = (name: string) =>
  JSON.parse(readFileSync(join(run(name), 'config.json'), 'utf8')).made.preprocessing

describe('convzoo on a folder of photographs', () => {
  it('trains as the paper of the network did, names what it skipped, and keeps the preprocessing in the run', () => {
    const { status, stderr, lines } = trainPaper('nin', '67x67x3', 'paper')
    expect(status).toBe(0)
    expect(lines.at(-1)).toMatch(/^validation accuracy/)
    expect(stderr).toMatch(/broken.jpg: unsupported image format/)
    const config = JSON.parse(readFileSync(join(run('paper'), 'config.json'), 'utf8'))
    expect(config).toMatchObject({
      data: { source: photographs },
      made: {
        classNames: ['turned', 'video'],
        preprocessing: {
          shorterSide: 76,
          augmentation: [{ type: 'randomCrop' }, { type: 'horizontalFlip' }],
        },
      },
    })
    expect(convzoo('evaluate', run('paper')).lines.at(-1)).toBe(lines.at(-1))
    expect(convzoo('train', '--resume', run('paper')).stdout).toContain('is finished')
  }, 60_000)

  it('evaluates ten crops of each, where images are cropped', () => {
    const { status, lines } = convzoo('evaluate', cropped, '--crops', 'ten')
    expect(status).toBe(0)
    const lossOf = (text: readonly string[]) => text.find((line) => line.startsWith('loss'))
    expect(lossOf(lines)).toMatch(/^loss \d+\.\d{4}$/)
    expect(lossOf(lines)).not.toBe(lossOf(convzoo('evaluate', cropped).lines))
    convzoo(...smallRun(run('whole')))
    const refused = convzoo('evaluate', run('whole'), '--crops', 'ten')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(/sees images whole[\s\S]*--shorter-side/)
  }, 60_000)

  it('takes grey input with the noise of colours that AlexNet had, and no augmentation where none is wanted', () => {
    const grey = trainPaper('alexnet', '67x67x1', 'grey', '--limit', '4')
    expect([grey.status, grey.stderr]).toEqual([0, expect.stringContaining('broken.jpg')])
    expect(preprocessingOf('grey')).toMatchObject({
      shorterSide: 76,
      mean: [expect.closeTo(0.449, 12)],
      augmentation: [{ type: 'randomCrop' }, { type: 'horizontalFlip' }, { type: 'pcaNoise', deviation: 0.1 }],
    })
    expect(trainPaper('nin', '67x67x3', 'plain', '--augment', 'none', '--limit', '4').status).toBe(0)
    expect(preprocessingOf('plain')).toMatchObject({ shorterSide: 76, augmentation: [] })
  }, 60_000)

  it('gives the same weights with one worker and with several', () => {
    train('one', '--augment', 'modern', '--workers', '1')
    train('several', '--augment', 'modern', '--workers', '3')
    expect(weights('several').equals(weights('one'))).toBe(true)
  }, 60_000)

  it('subtracts the mean image of its training images where it should, in training, evaluation and prediction', async () => {
    const mean = (name: string, ...more: string[]) => train(name, '--mean', 'image', '--shorter-side', '16', ...more)
    const { status, lines } = mean('mean', '--epochs', '2')
    expect(status).toBe(0)
    const config = JSON.parse(readFileSync(join(run('mean'), 'config.json'), 'utf8'))
    expect(config).toMatchObject({
      data: { mean: 'image' },
      made: {
        preprocessing: { mean: 'mean-image.safetensors', standardDeviation: [0.25, 0.25, 0.25], shorterSide: 16 },
      },
    })
    const meanImage = readFileSync(join(run('mean'), 'mean-image.safetensors'))
    expect(meanImage.subarray(8, 90).toString('latin1')).toContain('"shape":[12,12,3]')
    expect(convzoo('evaluate', run('mean')).lines.at(-1)).toBe(lines.at(-1))
    // By several workers and in two parts: the same mean image, the same weights.
    mean('resumed', '--workers', '3')
    expect(readFileSync(join(run('resumed'), 'mean-image.safetensors')).equals(meanImage)).toBe(true)
    expect(convzoo('train', '--resume', run('resumed'), '--epochs', '2').status).toBe(0)
    expect(weights('resumed').equals(weights('mean'))).toBe(true)
    const image = join(photographs, 'turned', 'orientation_0.jpg')
    const predicted = convzoo('predict', run('mean'), image, '--json').stdout
    expect(JSON.parse(predicted)).toHaveLength(1)
    writeFileSync(join(run('mean'), 'mean-image.safetensors'), meanImage.fill(0, meanImage.length - 12 * 12 * 3 * 4))
    expect(convzoo('predict', run('mean'), image, '--json').stdout).not.toBe(predicted)
    const shape = [1, 1, 3]
    await writeSafetensors(join(run('mean'), 'mean-image.safetensors'), {
      specs: [{ name: 'mean', shape }],
      async *read() {
        yield { name: 'mean', shape, data: new Float32Array(3) }
      },
    })
    const foreign = convzoo('predict', run('mean'), image)
    expect([foreign.status, foreign.stderr]).toEqual([
      2,
      expect.stringMatching(/size of its input[\s\S]*\(12, 12, 3\)/),
    ])
    rmSync(join(run('mean'), 'mean-image.safetensors'))
    const gone = convzoo('predict', run('mean'), image)
    expect([gone.status, gone.stderr]).toEqual([2, expect.stringMatching(/mean-image.safetensors cannot be read/)])
  }, 90_000)

  it('takes mean and deviation of the channels from its training images', () => {
    expect(train('channels', '--mean', 'channel', '--limit', '6').status).toBe(0)
    const preprocessing = preprocessingOf('channels')
    expect(preprocessing.mean).toHaveLength(3)
    expect(preprocessing.mean).not.toEqual([0.5, 0.5, 0.5])
    expect(preprocessing.standardDeviation.every((each: number) => each > 0 && each < 0.5)).toBe(true)
    const digits = convzoo(...smallRun(run('digits'), '--mean', 'image'))
    expect([digits.status, digits.stderr]).toEqual([0, ''])
    expect(convzoo('evaluate', run('digits'), '--limit', '20').lines.at(-1)).toBe(digits.lines.at(-1))
  }, 60_000)

  it('gives the same weights with a cache, also where a run goes on with another', () => {
    const more = ['--augment', 'randomCrop:padding=4,horizontalFlip,mixup', '--shorter-side', '16']
    // How long the engine waited is a matter of what else the machine does.
    const said = ({ stderr }: { readonly stderr: string }) =>
      stderr.replaceAll(/^The engine waited for images .*\n/gm, '')
    const without = train('without', '--epochs', '2', ...more)
    const skipped = said(without)
    expect(without.status).toBe(0)
    expect(said(train('changed', '--epochs', '1', ...more, '--cache', 'memory', '--cache-size', '0.1'))).toBe(skipped)
    const resumed = convzoo('train', '--resume', run('changed'), '--epochs', '2', '--cache', 'disk')
    expect([resumed.status, said(resumed)]).toEqual([0, skipped])
    expect(weights('changed').equals(weights('without'))).toBe(true)
    expect(existsSync(join(folder, 'cache', 'pictures'))).toBe(true)
    expect(said(convzoo('train', '--resume', run('changed'), '--epochs', '3', '--cache', 'none'))).toBe(skipped)
  }, 60_000)

  it('says that a cache may change the last bits, where each sample has a size of its own', () => {
    expect(train('varied', '--augment', 'randomResizedCrop').status).toBe(0)
    const resumed = (...more: string[]) => convzoo('train', '--resume', run('varied'), ...more).stderr
    expect(resumed('--epochs', '2', '--cache', 'memory')).toMatch(/randomResizedCrop[\s\S]*last bits/)
    expect(resumed('--epochs', '3', '--cache', 'disk')).not.toMatch(/last bits/)
  }, 60_000)

  it('predicts files and folders, as JSON and as a table', () => {
    const files = [join(photographs, 'turned', 'orientation_0.jpg'), join(photographs, 'video')]
    const { status, stdout, stderr } = convzoo('predict', cropped, ...files, '--json', '--top', '1')
    expect(status).toBe(0)
    expect(stderr).toMatch(/skipped .*broken.jpg/)
    const predictions = JSON.parse(stdout)
    expect(predictions.map(({ image }: { image: string }) => image.split('/').at(-1))).toEqual([
      'orientation_0.jpg',
      'video-001.5bpp.gif',
      'video-001.cmyk.jpeg',
      'video-001.cmyk.png',
      'video-005.gray.q50.jpeg',
    ])
    expect(['turned', 'video']).toContain(predictions[0].top[0].class)
    const table = convzoo('predict', cropped, files[0] ?? '', '--csv', '--top', '2').lines
    expect(table[0]).toBe('image,truth,class 1,probability 1,class 2,probability 2')
    expect(table[1]?.split(',').length).toBe(6)
  }, 60_000)

  it.each([
    ['a folder that is not there', ['--data', '/nowhere/at/all'], /cannot be read[\s\S]*no such file/],
    ['an unknown augmentation', ['--augment', 'blur'], /one of randomCrop/],
    ['a broken image where none may be', ['--on-bad-image', 'fail'], /broken.jpg/],
    ['a mean of something else', ['--mean', 'median'], /--mean[\s\S]*one of "channel", "image"/],
    ['the size of no cache', ['--cache-size', '2'], /--cache none[\s\S]*--cache-size/],
    ['a cache of another kind', ['--cache', 'tape'], /"none", "memory", "disk"/],
    ['a shorter side below the input', ['--shorter-side', '10'], /shorterSide[\s\S]*at least the input's sides/],
  ])(
    '%s exits with 2',
    (name, more, message) => {
      const { status, stderr } = train(name, ...more)
      expect(stderr).toMatch(message)
      expect(status).toBe(2)
    },
    60_000,
  )
})

describe('convzoo data', () => {
  it('inspect counts classes, names what is broken, and gives JSON to programs', () => {
    const { status, stdout } = convzoo('data', 'inspect', photographs, '--validation-split', '0.2')
    expect(status).toBe(0)
    expect(stdout).toMatch(/photographs: \d+ images to train on, 2 classes/)
    expect(stdout).toContain('broken.jpg: unsupported image format')
    const report = JSON.parse(convzoo('data', 'inspect', photographs, '--json').stdout)
    expect(report.train.images + report.validation.images).toBe(10)
    expect(report.mean.length).toBe(3)
  }, 60_000)

  it('preview draws what the network will see', () => {
    const picture = join(folder, 'preview.png')
    const { status } = convzoo(
      'data',
      'preview',
      photographs,
      '--network',
      'zfnet',
      '--input',
      '32x32x3',
      '-o',
      picture,
    )
    expect(status).toBe(0)
    expect([...readFileSync(picture).subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
    expect(convzoo('data', 'inspect', '/nowhere/at/all').stderr).toMatch(/cannot be read/)
  }, 60_000)
})
