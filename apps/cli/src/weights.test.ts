import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { metricsOf } from './testing/convzoo.js'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'

/** The network `tiny` as PyTorch has it, for three classes. */
const peer = fileURLToPath(new URL('../../../packages/run/src/fixtures/tiny.pth', import.meta.url))

const project = new Project('weights')
const { convzoo } = project
let data = ''
beforeAll(async () => {
  data = await picturesIn(project.path('data'), pathsOf(['ant', 'bee', 'cat']))
  copyFileSync(peer, project.path('tiny.pth'))
  writeFileSync(project.path('classes.txt'), 'ant\nbee\ncat\n')
})

const said = ['--weights', 'tiny.pth', '--as', 'tiny']
const picture = () => join(data, 'ant', '0.png')
const classesIn = (stdout: string): readonly string[] =>
  JSON.parse(stdout)[0]
    .top.map(({ class: name }: { readonly class: string }) => name)
    .sort()

describe('a file of weights', () => {
  it('of PyTorch predicts pictures by --weights, and as the first argument', () => {
    const numbered = convzoo('predict', ...said, picture(), '--json')
    expect([numbered.status, classesIn(numbered.stdout)]).toEqual([0, ['0', '1', '2']])
    const named = convzoo('predict', 'tiny.pth', picture(), '--as', 'tiny', '--classes', 'classes.txt', '--json')
    expect([named.status, classesIn(named.stdout)]).toEqual([0, ['ant', 'bee', 'cat']])
    const place = { 0: 'ant', 1: 'bee', 2: 'cat' }
    const [[first], [second]] = [numbered, named].map(({ stdout }) => JSON.parse(stdout)[0].top)
    expect(second).toEqual({ ...first, class: Reflect.get(place, first.class) })
  })

  it('that was imported knows its network and its classes, and is evaluated on a source', () => {
    const imported = convzoo('import', 'tiny.pth', '--as', 'tiny', '--classes', 'classes.txt', '-o', 'ours.safetensors')
    expect([imported.status, imported.stdout]).toEqual([0, '4 weights of tiny, 3 classes: ours.safetensors\n'])
    const evaluated = convzoo('evaluate', 'ours.safetensors', '--data', data, '--split', 'all')
    expect([evaluated.status, evaluated.stdout]).toEqual([0, expect.stringContaining('ant bee cat')])
    const also = convzoo('evaluate', '--weights', 'ours.safetensors', '--data', data, '--split', 'all')
    expect(also.stdout).toBe(evaluated.stdout)
  })

  it.each([
    [['predict', '--weights', 'tiny.pth', 'a.png'], '--as alexnet.torchvision'],
    [['predict'], 'neither an argument nor --weights'],
    [['predict', ...said], 'no images of its own'],
    [['evaluate', ...said], 'no images of its own'],
    [['evaluate', 'runs/first', ...said], '--weights beside runs/first'],
    [['predict', ...said, '--input', '12x12x3', 'a.png'], '--input 67x67x3'],
    [['predict', ...said, '--input', 'twelve', 'a.png'], 'height, width and channels'],
  ])('%j is refused', (parameters, words) => {
    const { status, stdout, stderr } = convzoo(...parameters)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(words)
  })
})

describe('a training with --weights', () => {
  it('of another library trains a new head alone, and says and records what was taken, left and started anew', () => {
    const run = project.path('head')
    const parts = ['--weights', 'tiny.pth', '--head', 'new', '--freeze', '.']
    const trained = convzoo(...trainOn(data, run, '--epochs', '1', ...parts))
    expect([trained.status, trained.stderr]).toEqual([0, expect.any(String)])
    const anew = ['dense/kernel', 'dense/bias']
    expect(trained.stdout).toContain(`weights 2 of ${project.path('tiny.pth')}; from the seed: ${anew.join(', ')}`)
    expect(metricsOf(run).filter(({ type }) => type === 'starting-weights')).toEqual([
      {
        type: 'starting-weights',
        source: project.path('tiny.pth'),
        taken: ['conv2d/kernel', 'conv2d/bias'],
        left: anew,
        anew,
      },
    ])
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
    expect(config.network).toMatchObject({ weights: project.path('tiny.pth'), head: 'new', freeze: '.' })
    expect(convzoo('predict', run, picture()).status).toBe(0)
  })
})
