import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { categoricalCrossentropy, conv2d, dense, flatten, functionalModel, input, sgdw } from '@convzoo/core'
import { createProgram, GraphBuilder, initialState, opsFor, type Program, scalarsAt } from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { toOnnx } from '@convzoo/onnx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadRuntime } from './runtime/load.js'
import { nodeRuntime } from './session/node-runtime.js'
import { stopProbe } from './session/stop-probe.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-profile-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

function squares(): Program {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const x = builder.input('x', { shape: [3], dtype: 'float32' })
  builder.output('y', ops.tanh(ops.multiply(x, x)))
  return { state: [], functions: { 'predict/3': builder.finish('predict/3') } }
}

const x = Float32Array.of(1, 2, 3)

/** The operators in the only record of a folder. */
function recorded(where: string): readonly string[] {
  const [name = '', ...others] = readdirSync(where)
  expect([name, others]).toEqual([expect.stringMatching(/^predict-3.*\.json$/), []])
  const events: readonly { args?: { op_name?: string } }[] = JSON.parse(readFileSync(join(where, name), 'utf8'))
  return events.flatMap(({ args }) => args?.op_name ?? [])
}

describe('the option "profile" of onnx', () => {
  it('has a record of each function written, with what each operator took', async () => {
    const where = join(folder, 'made', 'for it')
    const executable = await onnx({ threads: 1, profile: where }).compile(squares())
    await executable.run('predict/3', { x })
    await executable.dispose()
    expect(recorded(where)).toEqual(expect.arrayContaining(['Mul', 'Tanh']))
  })

  it('names each operator of a network by its layer and what it does there', async () => {
    const images = input({ shape: [8, 8, 3] })
    const output = dense({ units: 2, activation: 'softmax' })(flatten()(conv2d({ filters: 4, kernelSize: 3 })(images)))
    const model = functionalModel({ inputs: images, output })
    const optimizer = sgdw({ weightDecay: 5e-4, momentum: 0.9 })
    const program = createProgram({ model, loss: categoricalCrossentropy(), optimizer, batchSizes: { train: [2] } })
    const executable = await onnx({ threads: 1, profile: folder }).compile(program)
    await executable.writeState(initialState(program, 1))
    const batch = { images: new Float32Array(2 * 192).fill(0.5), targets: Float32Array.of(1, 0, 0, 1) }
    const drawn = { sampleIndices: Uint32Array.of(0, 1), seed: Uint32Array.of(1, 0), step: 0 }
    await executable.run('train/2', { ...batch, ...drawn, ...scalarsAt(optimizer, 0) })
    await executable.dispose()
    const [name = ''] = readdirSync(folder)
    const events: readonly { name: string }[] = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    const scopes = new Set(events.flatMap((event) => /<([^>]*)>/.exec(event.name)?.[1] ?? []))
    for (const each of [
      'forward conv2d',
      'forward dense',
      'forward loss',
      'backward dense',
      'update conv2d',
      'update dense',
    ]) {
      expect(scopes).toContain(each)
    }
    expect([...scopes].filter((scope) => !/^(?:forward|backward|update) /.test(scope))).toEqual([])
  })

  it("does so through onnxruntime-node's JavaScript, too", async () => {
    const runtime = await nodeRuntime(await loadRuntime(), { threads: 1, profile: folder, probe: stopProbe() })
    const graph = squares().functions['predict/3']
    if (graph === undefined) throw new Error('The program does not predict.')
    const session = await runtime.session(toOnnx(graph))
    const outputs = new Map([['output y', new Float32Array(3)]])
    await session.run({ feeds: new Map([['input x', x]]), states: new Map(), next: new Map(), outputs })
    await session.release()
    expect(recorded(folder)).toEqual(expect.arrayContaining(['Mul', 'Tanh']))
  })

  it('names a folder that cannot be made', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(onnx({ profile: join(file, 'below') }).compile(squares())).rejects.toMatchObject({ kind: 'file' })
    expect(readdirSync(folder)).toEqual(['file'])
  })
})
