import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { FruitRun } from '../testing/fruit-run.js'

const fruit = new FruitRun('diagnose')

it('diagnose says whether anything is wrong, and writes a page that shows it', () => {
  const page = `${fruit.run}-diagnosis.html`
  const { status, stdout } = fruit.convzoo('diagnose', fruit.run, '-o', page)
  expect(status).toBe(0)
  const [verdict = '', ...lines] = stdout.trimEnd().split('\n')
  expect(verdict).toMatch(/^The network is healthy|should be looked after/)
  expect(lines.at(-1)).toBe(page)
  const html = readFileSync(page, 'utf8')
  expect(html).toContain(verdict)
  expect(html).toContain('What the first layer looks for')
})

it('diagnose says the same for programs', () => {
  const page = `${fruit.run}-diagnosis.html`
  const { stdout } = fruit.convzoo('diagnose', fruit.run, '-o', page, '--mistakes', '1', '--json')
  const said: unknown = JSON.parse(stdout)
  expect(said).toMatchObject({
    page,
    verdict: expect.any(String),
    findings: expect.any(Array),
    confused: expect.any(Array),
  })
  expect(existsSync(page)).toBe(true)
})

it('diagnose refuses what it does not understand before it writes anything', () => {
  const page = `${fruit.run}-nothing.html`
  const refused = (...more: string[]) => {
    const { status, stderr } = fruit.convzoo('diagnose', fruit.run, ...more)
    expect(status).toBe(2)
    return stderr
  }
  expect(refused()).toContain('--output')
  expect(refused('-o', page, '--samples', '0')).toContain('--samples')
  expect(refused('-o', `${fruit.run}-nowhere/page.html`)).toContain('does not exist')
  expect(refused('-o', page, '--split', 'none')).toContain('--split')
  expect(existsSync(page)).toBe(false)
})
