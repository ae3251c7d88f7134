import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FruitRun } from './testing/fruit-run.js'
import { pathsOf, picturesIn } from './testing/photographs.js'

const fruit = new FruitRun('identity')
const { data, evaluate } = fruit

describe('data whose classes have changed', () => {
  it.each([
    ['one more', () => cpSync(join(data, 'apple'), join(data, 'cherry'), { recursive: true }), ['cherry']],
    ['one less', () => rmSync(join(data, 'berry'), { recursive: true }), ['lacks berry']],
  ])('%s: are refused with each name, and the run stays as it is', (_, change, names) => {
    change()
    fruit.expectOtherClasses(names)
  })
})

describe('data of which some images have changed', () => {
  it.each([
    ['some that are larger', enlarge],
    ['two classes that swapped their names', swapClasses],
  ])('%s: are refused unless they are allowed, which is said', (_, change) => {
    change()
    fruit.expectChangedImages()
  })

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
  it('evaluate --data takes other images whole, splits by name, and classes in any order', async () => {
    const other = await picturesIn(join(fruit.run, '..', 'other'), pathsOf(['apple', 'berry'], 3))
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
    const manifest = join(fruit.run, '..', 'other.jsonl')
    writeFileSync(manifest, `${lines.join('\n')}\n`)
    const direct = evaluate('--data', manifest)
    expect(direct.lines.at(-1)).toMatch(/^test accuracy/)
    expect(evaluate('--data', manifest, '--split', 'all').lines[0]).toMatch(/^6 images of/)
    expect(evaluate('--data', manifest, '--split', 'train').lines[0]).toMatch(/^2 training images of/)
    // As if the network had learnt its classes in the other order: every answer is the other one.
    const config = JSON.parse(readFileSync(join(fruit.run, 'config.json'), 'utf8'))
    writeFileSync(
      join(fruit.run, 'config.json'),
      JSON.stringify({ ...config, made: { ...config.made, classNames: ['berry', 'apple'] } }),
    )
    const mapped = evaluate('--data', manifest)
    expect(mapped.stderr).toMatch(/order/)
    const accuracy = ({ lines: said }: typeof direct): number => Number(/([\d.]+) %$/.exec(said.at(-1) ?? '')?.[1])
    expect(accuracy(direct) + accuracy(mapped)).toBeCloseTo(100, 1)
  })
})

describe('a run whose configuration is damaged', () => {
  it.each([
    ['classNames', 'apple'],
    ['classNames', ['apple', 7]],
  ])('is refused, not taken for one of an earlier version: %s', (name, value) => fruit.expectLacking(name, value))
})
