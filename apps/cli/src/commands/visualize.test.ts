import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { FruitRun } from '../testing/fruit-run.js'

const fruit = new FruitRun('visualize')

it('visualize writes pictures of images and a page, and says what they show', () => {
  const folder = `${fruit.run}-seen`
  const { status, stdout } = fruit.convzoo(
    'visualize',
    fruit.run,
    '--method',
    'guided',
    '--images',
    fruit.data,
    '-o',
    folder,
  )
  expect(status).toBe(0)
  const files = readdirSync(folder)
  expect(files).toContain('index.html')
  expect(files.filter((name) => /^guided-\d+\.png$/.test(name)).length).toBe(files.length - 1)
  for (const name of files) expect(stdout).toContain(name)
  expect(readFileSync(`${folder}/guided-1.png`).subarray(1, 4).toString()).toBe('PNG')
})

it('visualize says the same for programs', () => {
  const folder = `${fruit.run}-filters`
  const { stdout } = fruit.convzoo('visualize', fruit.run, '--method', 'filters', '-o', folder, '--json')
  const said: { readonly page: string; readonly pictures: readonly { readonly file: string }[] } = JSON.parse(stdout)
  for (const file of [said.page, ...said.pictures.map((each) => each.file)]) expect(existsSync(file)).toBe(true)
})

it('visualize refuses what it does not understand before it writes anything', () => {
  const folder = `${fruit.run}-nothing`
  const refused = (...more: string[]) => {
    const { status, stderr } = fruit.convzoo('visualize', fruit.run, '-o', folder, ...more)
    expect(status).toBe(2)
    return stderr
  }
  expect(refused('--method', 'x-ray')).toContain('grad-cam')
  expect(refused('--method', 'filters', '--square', '3')).toContain('square')
  expect(refused('--method', 'grad-cam', '--class', 'plum')).toContain('plum')
  expect(refused()).toContain('--method')
  expect(existsSync(folder)).toBe(false)
})
