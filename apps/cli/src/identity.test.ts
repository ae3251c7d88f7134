import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'

const project = new Project('identity')
const { convzoo } = project
const original = project.path('original')
beforeAll(async () => {
  await picturesIn(join(original, 'fruit'), pathsOf(['apple', 'berry']))
  cpSync(join(original, 'fruit'), join(original, 'kept'), { recursive: true })
  expect(convzoo(...trainOn(join(original, 'fruit'), join(original, 'run'))).status).toBe(0)
}, 60_000)

let data = ''
let run = ''
/** Each test has a run of its own, and its photographs where they were when it was trained. */
beforeEach(() => {
  data = join(original, 'fruit')
  run = join(project.place(), 'run')
  rmSync(data, { recursive: true, force: true, maxRetries: 9 })
  cpSync(join(original, 'kept'), data, { recursive: true })
  cpSync(join(original, 'run'), run, { recursive: true })
})

const weights = (folder: string) => readFileSync(join(folder, 'weights.safetensors'))
const evaluate = (...more: string[]) => convzoo('evaluate', run, ...more)
const resume = (...more: string[]) => convzoo('train', '--resume', run, '--epochs', '2', ...more)

describe('data whose classes have changed', () => {
  it.each([
    ['another name', () => renameSync(join(data, 'apple'), join(data, 'crabapple')), ['apple', 'crabapple']],
    ['one more', () => cpSync(join(data, 'apple'), join(data, 'cherry'), { recursive: true }), ['cherry']],
    ['one less', () => rmSync(join(data, 'berry'), { recursive: true }), ['lacks berry']],
  ])(
    '%s: are refused with each name, and the run stays as it is',
    (_, change, names) => {
      change()
      const metrics = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
      for (const { status, stderr } of [evaluate(), resume(), resume('--allow-changed-data')]) {
        expect(status).toBe(2)
        expect(stderr).toContain('other classes than the run was trained on')
        for (const name of names) expect(stderr).toContain(name)
      }
      expect(weights(run).equals(weights(join(original, 'run')))).toBe(true)
      expect(readFileSync(join(run, 'metrics.jsonl'), 'utf8')).toBe(metrics)
    },
    60_000,
  )

  it('are refused by a prediction of a set that has one more', () => {
    cpSync(join(data, 'apple'), join(data, 'cherry'), { recursive: true })
    const { status, stderr } = convzoo('predict', run)
    expect([status, stderr]).toEqual([2, expect.stringMatching(/has cherry, which the run does not know/)])
  }, 60_000)
})

describe('data of which some images have changed', () => {
  it.each([
    ['one more', () => cpSync(join(data, 'apple', '0.png'), join(data, 'apple', 'new.png'))],
    ['some that are larger', enlarge],
    ['two classes that swapped their names', swapClasses],
  ])(
    '%s: are refused unless they are allowed, which is said',
    (_, change) => {
      change()
      const refused = resume()
      expect([refused.status, refused.stderr]).toEqual([
        2,
        expect.stringMatching(/have changed since the run was started[\s\S]*--allow-changed-data/),
      ])
      expect(weights(run).equals(weights(join(original, 'run')))).toBe(true)
      expect(convzoo('train', '--resume', run).stdout).toContain('is finished')
      const allowed = resume('--allow-changed-data')
      expect([allowed.status, allowed.stdout + allowed.stderr]).toEqual([0, expect.stringContaining('bit for bit')])
      // From then on these are its images.
      expect(convzoo('train', '--resume', run, '--epochs', '3').status).toBe(0)
    },
    90_000,
  )

  function enlarge(): void {
    for (const path of pathsOf(['apple'])) appendFileSync(join(data, path), 'x')
  }

  function swapClasses(): void {
    renameSync(join(data, 'apple'), join(data, 'x'))
    renameSync(join(data, 'berry'), join(data, 'apple'))
    renameSync(join(data, 'x'), join(data, 'berry'))
  }
})

describe('data that have moved', () => {
  it('are asked for where they were, and taken where they are, to the same end', () => {
    const before = evaluate().lines.at(-1)
    const twin = join(run, '..', 'twin')
    cpSync(run, twin, { recursive: true })
    expect(resume().status).toBe(0)
    const moved = join(run, '..', 'elsewhere')
    renameSync(data, moved)
    const missing = convzoo('evaluate', twin)
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringMatching(/fruit[\s\S]*by --data/)])
    expect(convzoo('evaluate', twin, '--data', moved).lines.at(-1)).toBe(before)
    expect(convzoo('train', '--resume', twin, '--epochs', '2', '--data', moved).status).toBe(0)
    expect(weights(twin).equals(weights(run))).toBe(true)
    expect(convzoo('evaluate', twin).status).toBe(0)
  }, 90_000)

  it('evaluate --data takes other images whole, splits by name, and classes in any order', async () => {
    const other = await picturesIn(join(run, '..', 'other'), pathsOf(['apple', 'berry'], 3))
    const whole = evaluate('--data', other)
    expect([whole.status, whole.lines[0], whole.lines.at(-1)]).toEqual([
      0,
      expect.stringMatching(/^6 images of other;/),
      expect.stringMatching(/^accuracy \d/),
    ])
    expect(evaluate('--data', other, '--split', 'test').stderr).toMatch(/has no test split/)
    const line = (name: string, at: number, split: string): string =>
      JSON.stringify({ image: `other/${name}/${at}.png`, label: name, split })
    const lines = ['berry', 'apple'].flatMap((name) =>
      [0, 1, 2].map((at) => line(name, at, at === 0 ? 'train' : 'test')),
    )
    const manifest = join(run, '..', 'other.jsonl')
    writeFileSync(manifest, `${lines.join('\n')}\n`)
    const direct = evaluate('--data', manifest)
    expect(direct.lines.at(-1)).toMatch(/^test accuracy/)
    expect(evaluate('--data', manifest, '--split', 'all').lines[0]).toMatch(/^6 images of/)
    expect(evaluate('--data', manifest, '--split', 'train').lines[0]).toMatch(/^2 training images of/)
    // As if the network had learnt its classes in the other order: every answer is the other one.
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
    writeFileSync(
      join(run, 'config.json'),
      JSON.stringify({ ...config, made: { ...config.made, classNames: ['berry', 'apple'] } }),
    )
    const mapped = evaluate('--data', manifest)
    expect(mapped.stderr).toMatch(/order/)
    const accuracy = ({ lines: said }: typeof direct): number => Number(/([\d.]+) %$/.exec(said.at(-1) ?? '')?.[1])
    expect(accuracy(direct) + accuracy(mapped)).toBeCloseTo(100, 1)
  }, 90_000)
})

describe('a run whose configuration is damaged', () => {
  it.each([
    ['classNames', 'apple'],
    ['classNames', ['apple', 7]],
    ['fingerprint', 5],
  ])('is refused, not taken for one of an earlier version: %s', (name, value) => {
    const path = join(run, 'config.json')
    const config = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify({ ...config, made: { ...config.made, [name]: value } }))
    expect([evaluate().status, resume().status]).toEqual([2, 2])
    expect(evaluate().stderr).toContain(`lacks "made.${name}"`)
  })
})

describe('a run of an earlier version, which does not know the names of its classes', () => {
  it('knows them once it has gone on, and refuses others from then on', () => {
    const path = join(run, 'config.json')
    const { made, ...config } = JSON.parse(readFileSync(path, 'utf8'))
    const { classNames, fingerprint, ...older } = made
    writeFileSync(path, JSON.stringify({ ...config, made: older }))
    const validated = evaluate()
    expect([validated.status, validated.stderr]).toEqual([0, expect.stringContaining('that it learnt from may be')])
    const resumed = resume()
    expect([resumed.status, resumed.stderr]).toEqual([0, expect.stringMatching(/are the same.*cannot be told/)])
    expect(evaluate().stderr).not.toContain('earlier version')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ made: { classNames, fingerprint } })
    renameSync(join(data, 'apple'), join(data, 'crabapple'))
    expect([evaluate().status, evaluate().stderr]).toEqual([2, expect.stringContaining('crabapple')])
  }, 60_000)
})
