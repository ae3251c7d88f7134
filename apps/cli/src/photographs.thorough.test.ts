import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeSafetensors } from '@convzoo/safetensors'
import { describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { OddPhotographs } from './testing/odd-photographs.js'

const photographs = new OddPhotographs('photographs')
const { data, run, train, trainPaper } = photographs
const { folder, convzoo } = photographs.project

const preprocessingOf = (name: string) =>
  JSON.parse(readFileSync(join(run(name), 'config.json'), 'utf8')).made.preprocessing
const weights = (name: string) => readFileSync(join(run(name), 'weights.safetensors'))

describe('convzoo on a folder of photographs', () => {
  it('gives the same weights with one worker and with several', () => {
    train('one', '--augment', 'modern', '--workers', '1')
    train('several', '--augment', 'modern', '--workers', '3')
    expect(weights('several').equals(weights('one'))).toBe(true)
  })

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
    const image = join(data, 'turned', 'orientation_0.jpg')
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
  })

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
  })

  it('says that a cache may change the last bits, where each sample has a size of its own', () => {
    expect(train('varied', '--augment', 'randomResizedCrop').status).toBe(0)
    const resumed = (...more: string[]) => convzoo('train', '--resume', run('varied'), ...more).stderr
    expect(resumed('--epochs', '2', '--cache', 'memory')).toMatch(/randomResizedCrop[\s\S]*last bits/)
    expect(resumed('--epochs', '3', '--cache', 'disk')).not.toMatch(/last bits/)
  })

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
  })

  it('takes mean and deviation of the channels from its training images', () => {
    expect(train('channels', '--mean', 'channel', '--limit', '6', '--workers', '3').status).toBe(0)
    const preprocessing = preprocessingOf('channels')
    expect(preprocessing.mean).toHaveLength(3)
    expect(preprocessing.mean).not.toEqual([0.5, 0.5, 0.5])
    expect(preprocessing.standardDeviation.every((each: number) => each > 0 && each < 0.5)).toBe(true)
    const digits = convzoo(...smallRun(run('digits'), '--mean', 'image'))
    expect([digits.status, digits.stderr]).toEqual([0, ''])
    expect(convzoo('evaluate', run('digits'), '--limit', '20').lines.at(-1)).toBe(digits.lines.at(-1))
  })
})
