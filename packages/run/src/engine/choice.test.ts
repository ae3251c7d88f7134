import { categoricalCrossentropy, createProgram, dense, functionalModel, input } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { automatic, chooseEngine, openEngine } from './engines.js'

describe('the choice of an engine', () => {
  it('takes what was asked for', async () => {
    expect(await chooseEngine('onnx', { device: 'auto' })).toMatchObject({ engine: 'onnx', device: 'cpu' })
    expect(await chooseEngine('tfjs', { device: 'node' })).toMatchObject({ engine: 'tfjs', device: 'node' })
  })

  it('takes onnx for a CPU, and tfjs for the devices that it alone has', async () => {
    expect(await chooseEngine('auto', { device: 'cpu' })).toMatchObject({ engine: 'onnx', device: 'cpu' })
    for (const device of ['cuda', 'node'] as const) {
      expect(await chooseEngine('auto', { device })).toMatchObject({ engine: 'tfjs', device })
    }
  })

  const here = { available: true, reason: '' }
  const missing = (reason: string) => ({ available: false, reason })

  it('takes a GPU first, then what npm brings', () => {
    expect(automatic({ cuda: here, onnx: here, node: here })).toMatchObject({ engine: 'tfjs', device: 'cuda' })
    const choice = automatic({ cuda: missing('it is not installed'), onnx: here, node: here })
    expect(choice).toMatchObject({ engine: 'onnx', device: 'cpu' })
    expect(choice.reason).toContain('it is not installed')
  })

  it('takes what can be loaded where ONNX Runtime cannot, and says why', () => {
    const [cuda, onnx] = [missing('no driver'), missing('no library for darwin x64')]
    const native = automatic({ cuda, onnx, node: here })
    expect(native).toMatchObject({ engine: 'tfjs', device: 'node' })
    const plain = automatic({ cuda, onnx, node: missing('tfjs-node is not installed') })
    expect(plain).toMatchObject({ engine: 'tfjs', device: 'cpu' })
    for (const { reason } of [native, plain]) {
      expect(reason).toMatch(/^engine onnx cannot be used here: no library for darwin x64; .*no driver/)
    }
    expect(plain.reason).toContain('tfjs-node is not installed')
  })

  it('refuses a device that the engine does not have', async () => {
    await expect(chooseEngine('onnx', { device: 'cuda' })).rejects.toMatchObject({ kind: 'option', received: 'cuda' })
  })

  it('says its choice and the reason in one line when something is compiled', async () => {
    const images = input({ shape: [2] })
    const program = createProgram({
      model: functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(images) }),
      loss: categoricalCrossentropy(),
      batchSizes: { predict: [1] },
    })
    const lines: string[] = []
    const engine = await openEngine('auto', { device: 'cpu' })
    for (let time = 0; time < 2; time++) {
      const executable = await engine.compile(program, { log: (line) => lines.push(line) })
      await executable.dispose()
    }
    expect(lines).toEqual(['onnx on cpu, since it needs nothing but npm on a CPU'])
  })
})
