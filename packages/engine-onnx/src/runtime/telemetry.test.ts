import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OtherHome } from '../../../../tools/other-home.js'

let home: OtherHome
beforeEach(() => {
  home = new OtherHome()
})
afterEach(() => home[Symbol.dispose]())

const { resolve } = createRequire(import.meta.url)
const urlOf = (name: string): string => JSON.stringify(pathToFileURL(resolve(name)).href)

/** Runs something in a thread, and tells what then stands in the environment of the process, as native code sees it. */
const program = (thread: string): string => `
  import { isMainThread, Worker } from 'node:worker_threads'
  import { categoricalCrossentropy, dense, functionalModel, input } from ${urlOf('@convzoo/core')}
  import { createProgram } from ${urlOf('@convzoo/core/engine')}
  import { onnx, telemetry } from ${urlOf('@convzoo/engine-onnx')}

  const wanted = ${JSON.stringify(thread)}
  if (isMainThread && wanted === 'worker') new Worker(new URL(import.meta.url))
  else {
    const images = input({ shape: [2] })
    const model = functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(images) })
    const compiled = createProgram({ model, loss: categoricalCrossentropy(), batchSizes: { predict: [1] } })
    const executable = await onnx({ threads: 1 }).compile(compiled)
    await executable.dispose()
    const { ORT_DISABLE_TELEMETRY: value } = process.report.getReport().environmentVariables
    console.log(JSON.stringify({ value, ...telemetry() }))
  }
`

/** What it prints. */
function run(thread: string, more: Readonly<Record<string, string>> = {}): unknown {
  const file = join(home.work, 'program.mjs')
  writeFileSync(file, program(thread))
  const { stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd: home.work,
    encoding: 'utf8',
    env: home.environment(more),
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe.skipIf(process.platform === 'win32')('ONNX Runtime', () => {
  it.each(['main', 'worker'])('leaves nothing in the folders of the user, used in a %s thread', (thread) => {
    const told = run(thread)
    expect(home.files()).toEqual(['work/program.mjs'])
    expect(told).toEqual({ value: '1', allowed: false, reason: 'engine onnx sets ORT_DISABLE_TELEMETRY=1' })
  })

  // It reports nothing from continuous integration, so neither does this test.
  it.each([
    { value: '0', allowed: true },
    { value: '', allowed: true },
    { value: ' True ', allowed: false },
  ])('is left to what the user has said: $value', ({ value, allowed }) => {
    expect(run('main', { ORT_DISABLE_TELEMETRY: value, CI: 'true' })).toEqual({
      value,
      allowed,
      reason: `ORT_DISABLE_TELEMETRY=${value} stands in the environment`,
    })
  })

  it('is left to what the user has said, used in a worker thread', () => {
    const told = run('worker', { ORT_DISABLE_TELEMETRY: '0', CI: 'true' })
    expect(told).toMatchObject({ value: '0', allowed: true })
  })
})
