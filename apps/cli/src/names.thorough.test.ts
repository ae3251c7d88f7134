import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('names')

/** A name that clears the screen, fakes a result, turns the direction of reading and begins a sequence by a C1 control. */
const hostile = 'a\u001b[2J\ntest accuracy 100.00 %\u202e\u009b1m'
const escaped = 'a\\x1b[2J\\ntest accuracy 100.00 %\\u202e\\x9b1m'

/** Nothing that a terminal would obey, and no line that says what was not found out. */
function expectHarmless({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
    expect(text).not.toMatch(/^test accuracy 100/m)
  }
}

describe('names from outside', () => {
  it.skipIf(process.platform === 'win32')(
    'of classes and files reach no terminal raw, and are exact for programs (Windows has no such names)',
    async () => {
      const data = await picturesIn(join(folder, 'data'), pathsOf([hostile, 'berry']))
      writeFileSync(join(data, 'berry', `${hostile}.png`), 'no picture')
      const run = join(folder, `run ${hostile}`)
      const trained = convzoo(...trainOn(data, run, '--max-bad', '5', '--epochs', '1'))
      const evaluated = convzoo('evaluate', run, '--split', 'all')
      const predicted = convzoo('predict', run, join(data, 'berry'), '--top', '2')
      const inspected = convzoo('data', 'inspect', data)
      for (const each of [trained, evaluated, predicted, inspected]) {
        expect(each.status).toBe(0)
        expectHarmless(each)
        expect(each.stdout + each.stderr).toContain('a\\x1b[2J')
      }
      const json = convzoo('predict', run, join(data, 'berry'), '--top', '2', '--json')
      expectHarmless(json)
      const [{ top }] = JSON.parse(json.stdout)
      expect(top.map(({ class: name }: { class: string }) => name).sort()).toEqual([hostile, 'berry'].sort())
      const table = convzoo('predict', run, join(data, 'berry'), '--top', '2', '--csv')
      expectHarmless(table)
      expect(table.lines).toHaveLength(6)
      expect(table.stdout).toContain(`,${escaped},`)
      expectHarmless(convzoo('predict', run, join(data, 'berry', `${hostile}.png`)))
    },
  )

  it('of 500,000 letters are cut', async () => {
    const place = join(folder, 'long')
    await picturesIn(place, pathsOf(['a', 'b'], 3))
    const long = 'x'.repeat(500_000)
    const lines = pathsOf(['a', 'b'], 3).map((image) => ({ image, label: image.startsWith('a') ? long : 'b' }))
    const manifest = join(place, 'set.jsonl')
    writeFileSync(manifest, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
    const { stdout, stderr } = convzoo('data', 'inspect', manifest)
    expect(stdout.length + stderr.length).toBeLessThan(20_000)
  })

  it('of settings, paths and options are shown and not obeyed', () => {
    for (const parameters of [
      ['train', hostile, '--data', 'mnist'],
      ['train', 'nin', '--data', hostile],
      ['train', 'nin', '--data', 'mnist', '--engine', hostile],
      ['train', 'nin', '--data', 'mnist', `--${hostile}`],
      ['predict', hostile],
      ['summary', hostile],
      [hostile],
    ]) {
      const ended = convzoo(...parameters)
      expect(ended.status).toBe(2)
      expectHarmless(ended)
      expect(ended.stderr).toContain('\\x1b[2J')
    }
  })
})

describe('files that cannot be predicted', () => {
  it('are named with the reason, exit code 2 where there is no other', async () => {
    const data = await picturesIn(join(folder, 'fruit'), pathsOf(['apple', 'berry']))
    const run = join(folder, 'fruit-run')
    expect(convzoo(...trainOn(data, run)).status).toBe(0)
    const place = join(folder, 'to-predict')
    mkdirSync(place)
    const [broken, cut] = ['broken.jpg', 'cut.png'].map((name) => join(place, name))
    if (broken === undefined || cut === undefined) throw new Error('There are two.')
    for (const path of [broken, cut]) writeFileSync(path, 'no picture')
    const alone = convzoo('predict', run, broken)
    expect(alone).toMatchObject({ status: 2, stdout: '' })
    expect(alone.stderr).toMatch(/broken\.jpg \(unsupported image format\) cannot be predicted/)
    const both = convzoo('predict', run, broken, cut)
    expect(both.status).toBe(2)
    expect(both.stderr).toMatch(/None of 2 images[\s\S]*broken\.jpg[\s\S]*cut\.png/)
    const some = convzoo('predict', run, broken, join(data, 'apple', '0.png'), '--json')
    expect([some.status, some.stderr]).toEqual([0, expect.stringMatching(/skipped .*broken\.jpg: unsupported/)])
    expect(JSON.parse(some.stdout)).toHaveLength(1)
  })
})
