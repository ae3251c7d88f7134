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

  it('takes a GPU first, then what npm brings', () => {
    expect(automatic({ available: true, reason: '' })).toMatchObject({ engine: 'tfjs', device: 'cuda' })
    const choice = automatic({ available: false, reason: 'it is not installed' })
    expect(choice).toMatchObject({ engine: 'onnx', device: 'cpu' })
    expect(choice.reason).toContain('it is not installed')
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
