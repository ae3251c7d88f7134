import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { OddPhotographs } from './testing/odd-photographs.js'

const photographs = new OddPhotographs('photographs')
const { data, run, train, trainPaper } = photographs
const { folder, convzoo } = photographs.project

/** A run that sees images cropped, which the tests read. */
const cropped = run('cropped')
beforeAll(() => {
  expect(train('cropped', '--shorter-side', '16').status).toBe(0)
})

describe('convzoo on a folder of photographs', () => {
  it('trains as the paper of the network did, names what it skipped, and keeps the preprocessing in the run', () => {
    const { status, stderr, lines } = trainPaper('nin', '67x67x3', 'paper')
    expect(status).toBe(0)
    expect(lines.at(-1)).toMatch(/^validation accuracy/)
    expect(stderr).toMatch(/broken.jpg: unsupported image format/)
    const config = JSON.parse(readFileSync(join(run('paper'), 'config.json'), 'utf8'))
    expect(config).toMatchObject({
      data: { source: data },
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
  })

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
  })

  it('predicts files and folders, as JSON and as a table', () => {
    const files = [join(data, 'turned', 'orientation_0.jpg'), join(data, 'video')]
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
  })

  it.each([
    ['a folder that is not there', ['--data', '/nowhere/at/all'], /cannot be read[\s\S]*no such file/],
    ['an unknown augmentation', ['--augment', 'blur'], /one of randomCrop/],
    ['a broken image where none may be', ['--on-bad-image', 'fail'], /broken.jpg/],
    ['a mean of something else', ['--mean', 'median'], /--mean[\s\S]*one of "channel", "image"/],
    ['the size of no cache', ['--cache-size', '2'], /--cache none[\s\S]*--cache-size/],
    ['a cache of another kind', ['--cache', 'tape'], /"none", "memory", "disk"/],
    ['a shorter side below the input', ['--shorter-side', '10'], /shorterSide[\s\S]*at least the input's sides/],
  ])('%s exits with 2', (name, more, message) => {
    const { status, stderr } = train(name, ...more)
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })
})

describe('convzoo data', () => {
  it('inspect counts classes, names what is broken, and gives JSON to programs', () => {
    const { status, stdout } = convzoo('data', 'inspect', data, '--validation-split', '0.2')
    expect(status).toBe(0)
    expect(stdout).toMatch(/photographs: \d+ images to train on, 2 classes/)
    expect(stdout).toContain('broken.jpg: unsupported image format')
    const report = JSON.parse(convzoo('data', 'inspect', data, '--json').stdout)
    expect(report.train.images + report.validation.images).toBe(10)
    expect(report.mean.length).toBe(3)
  })

  it('preview draws what the network will see', () => {
    const picture = join(folder, 'preview.png')
    const { status } = convzoo('data', 'preview', data, '--network', 'zfnet', '--input', '32x32x3', '-o', picture)
    expect(status).toBe(0)
    expect([...readFileSync(picture).subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
    expect(convzoo('data', 'inspect', '/nowhere/at/all').stderr).toMatch(/cannot be read/)
  })
})
