import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OtherHome } from '../../../tools/other-home.js'

let home: OtherHome
beforeEach(() => {
  home = new OtherHome()
})
afterEach(() => home[Symbol.dispose]())

const { resolve } = createRequire(import.meta.url)
const urlOf = (name: string): string => JSON.stringify(pathToFileURL(resolve(name)).href)
const dataUrl = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`

/** As where npm could not install what is optional. */
const hidingKoffi = dataUrl(`
  import { register } from 'node:module'
  register(${JSON.stringify(
    dataUrl(`export function resolve(name, context, next) {
      if (name === 'koffi') throw new Error('Cannot find package koffi')
      return next(name, context)
    }`),
  )})
`)

/** Trains three steps; tells the weights, and which of the two ways the process has loaded. */
const program = `
  import { createHash } from 'node:crypto'
  import { categoricalCrossentropy, conv2d, dense, dropout, flatten, functionalModel, input, sgdw } from ${urlOf('@convzoo/core')}
  import { createProgram, initialState } from ${urlOf('@convzoo/core/engine')}
  import { onnx } from ${urlOf('@convzoo/engine-onnx')}
  const images = input({ shape: [9, 9, 3] })
  const features = dropout({ rate: 0.5 })(flatten()(conv2d({ filters: 8, kernelSize: 3, activation: 'relu' })(images)))
  const model = functionalModel({ inputs: images, output: dense({ units: 4, activation: 'softmax' })(features) })
  const optimizer = sgdw({ weightDecay: 0.1, momentum: 0.9 })
  const trained = createProgram({ model, optimizer, loss: categoricalCrossentropy(), batchSizes: { train: [2] } })
  const executable = await onnx({ threads: 1 }).compile(trained)
  await executable.writeState(initialState(trained, 1))
  const { inputs } = trained.functions['train/2']
  for (let step = 0; step < 3; step++) {
    const given = inputs.map(({ name, shape, dtype }) => {
      const size = shape.reduce((product, length) => product * length, 1)
      const numbers = Array.from({ length: size }, (_, index) => (dtype === 'uint32' ? index + step : Math.abs(Math.sin(index))))
      return [name, dtype === 'uint32' ? Uint32Array.from(numbers) : Float32Array.from(numbers)]
    })
    await executable.run('train/2', Object.fromEntries(given))
  }
  const hash = createHash('sha256')
  for await (const { data } of executable.readState()) hash.update(data)
  const { sharedObjects } = process.report.getReport()
  const loaded = ['koffi', 'onnxruntime_binding'].filter((name) => sharedObjects.some((path) => path.includes(name + '.node')))
  await executable.dispose()
  console.log(JSON.stringify({ weights: hash.digest('hex'), loaded }))
`

function run(...parameters: string[]): { readonly weights: string; readonly loaded: readonly string[] } {
  const file = join(home.work, 'program.mjs')
  writeFileSync(file, program)
  const { stdout, stderr } = spawnSync(process.execPath, [...parameters, file], {
    cwd: home.work,
    encoding: 'utf8',
    env: home.environment({}),
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

it('trains to the same bytes through the C interface and, where koffi is not installed, without it', () => {
  const usual = run()
  const without = run('--import', hidingKoffi)
  expect([usual.loaded, without.loaded]).toEqual([['koffi'], ['onnxruntime_binding']])
  expect(without.weights).toBe(usual.weights)
})
