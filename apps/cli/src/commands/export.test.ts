import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { FruitRun } from '../testing/fruit-run.js'

const fruit = new FruitRun('export')

it('export writes a model of a run, and says how far it is from the run', () => {
  const model = `${fruit.run}.onnx`
  const { status, stdout } = fruit.convzoo('export', fruit.run, '-o', model)
  expect(status).toBe(0)
  expect(stdout).toMatch(
    /opset 20: images \[N, …\] → probabilities\non \d+ images it differs from it by at most \d\.\de-\d+/,
  )
  expect(readFileSync(model, 'latin1')).toContain('["apple","berry"]')
})

it('export says the same for programs, and puts weights beside the model', () => {
  const model = `${fruit.run}-apart.onnx`
  const { stdout } = fruit.convzoo('export', fruit.run, '-o', model, '--external-data', '--json')
  const exported: Record<string, unknown> = JSON.parse(stdout)
  expect(exported).toMatchObject({ path: model, dataFile: `${model}.data`, input: 'images', opset: 20 })
  expect(existsSync(`${model}.data`)).toBe(true)
})

it('export puts preprocessing into the model', () => {
  const model = `${fruit.run}-bytes.onnx`
  const { status, stdout } = fruit.convzoo('export', fruit.run, '-o', model, '--with-preprocessing')
  expect([status, stdout]).toEqual([0, expect.stringMatching(/images of bytes \[N, …\][\s\S]*at most \d\.\de-\d+/)])
  expect(readFileSync(model, 'latin1')).toContain('preprocessing/scale')
})

it('export leaves a file as it was when it cannot write', () => {
  const model = `${fruit.run}-old.onnx`
  writeFileSync(model, 'old')
  const { status, stderr } = fruit.convzoo('export', fruit.run, '-o', model, '--data', 'nowhere')
  expect(status).not.toBe(0)
  expect(stderr).toContain('nowhere')
  expect(readFileSync(model, 'utf8')).toBe('old')
  expect(fruit.convzoo('export', fruit.run, '-o', 'no/such/folder/x.onnx').stderr).toContain('does not exist')
  expect(fruit.convzoo('export', fruit.run, '-o', model, '--format', 'pickle').stderr).toContain('onnx')
})

it('export writes weights by which predict says the same', () => {
  const weights = `${fruit.run}.safetensors`
  const { status, stdout } = fruit.convzoo('export', fruit.run, '--format', 'safetensors', '-o', weights)
  expect([status, stdout]).toEqual([0, expect.stringMatching(/as safetensors: \d+ tensors by (?:their own|the) names/)])
  const said = fruit.convzoo('predict', fruit.run, fruit.data, '--json')
  expect(said.status).toBe(0)
  const again = fruit.convzoo('predict', '--weights', weights, fruit.data, '--json')
  expect([again.status, again.stdout]).toEqual([0, said.stdout])
})

it('export writes a LayersModel for TensorFlow.js', () => {
  const folder = `${fruit.run}-tfjs`
  const { status, stdout, stderr } = fruit.convzoo('export', fruit.run, '--format', 'tfjs', '-o', folder)
  expect([status, stdout, stderr]).toEqual([
    0,
    expect.stringMatching(/LayersModel[\s\S]*on 2 images it differs from it by at most \d\.\de-\d+/),
    expect.anything(),
  ])
  expect(readdirSync(folder)).toContain('model.json')
  const refused = fruit.convzoo('export', fruit.run, '--format', 'tfjs', '--external-data', '-o', folder)
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('externalData')])
})
