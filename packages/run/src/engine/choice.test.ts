import { categoricalCrossentropy, type DeviceReport, dense, functionalModel, input } from '@convzoo/core'
import { createProgram } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { best, type Candidate, chooseEngine, openEngine } from './choice.js'

const device = (engine: string, report: Partial<DeviceReport> & Pick<DeviceReport, 'device'>): Candidate => ({
  engine,
  report: { available: true, description: '', ...report },
})
const missing = (reason: string) => ({ available: false, reason })

const cuda = device('tfjs', { device: 'cuda', kind: 'gpu' })
const onnx = device('onnx', { device: 'cpu', kind: 'cpu', preference: 2 })
const native = device('tfjs', { device: 'node', kind: 'cpu', preference: 1 })
const plain = device('tfjs', { device: 'cpu', kind: 'fallback' })
const without = ({ engine, report }: Candidate, reason: string): Candidate => ({
  engine,
  report: { ...report, ...missing(reason) },
})

describe('the best device', () => {
  it('is a GPU before a processor, whatever engine has it', () => {
    expect(best([plain, native, onnx, cuda])).toMatchObject({ engine: 'tfjs', device: 'cuda' })
    const own = device('mine', { device: 'npu', kind: 'gpu' })
    expect(best([onnx, own])).toMatchObject({ engine: 'mine', device: 'npu', reason: 'there is a GPU' })
  })

  it('is the processor that is preferred, and the reason says why there is no GPU', () => {
    const choice = best([plain, native, onnx, without(cuda, 'it is not installed')])
    expect(choice).toMatchObject({ engine: 'onnx', device: 'cpu' })
    expect(choice.reason).toBe('there is no GPU that can be used: it is not installed')
  })

  it('is what can be loaded where the others cannot, and the reason says why', () => {
    const gone = [without(cuda, 'no driver'), without(onnx, 'no library for darwin x64')]
    expect(best([...gone, native, plain])).toMatchObject({ engine: 'tfjs', device: 'node' })
    const last = best([...gone, without(native, 'tfjs-node is not installed'), plain])
    expect(last).toMatchObject({ engine: 'tfjs', device: 'cpu' })
    expect(last.reason).toMatch(
      /^engine onnx cannot be used here: no library for darwin x64; .*tfjs-node is not installed/,
    )
    expect(last.reason).toContain('no GPU that can be used: no driver')
  })

  it('is what there is where only one engine is installed, and the reason says so', () => {
    expect(best([onnx]).reason).toBe('no other engine is installed')
    expect(best([native, plain]).reason).toBe('it is the best device of the engine tfjs here')
    expect(best([onnx, native]).reason).toBe('it is the best of the engines that are installed')
    expect(best([without(onnx, 'no library for darwin x64')])).toMatchObject({
      engine: 'onnx',
      reason: 'nothing that is installed can be used here: no library for darwin x64',
    })
  })

  it('needs an engine', () => {
    expect(() => best([])).toThrow('No engine is installed')
  })
})

describe('the choice of an engine', () => {
  it('takes what was asked for', async () => {
    expect(await chooseEngine('onnx', 'auto')).toMatchObject({ engine: 'onnx', device: 'cpu' })
    expect(await chooseEngine('tfjs', 'cpu')).toMatchObject({ engine: 'tfjs', device: 'cpu', reason: 'asked for' })
  })

  it('takes onnx for a CPU, and the engine that alone has a device for that', async () => {
    expect(await chooseEngine('auto', 'cpu')).toMatchObject({ engine: 'onnx', device: 'cpu' })
    expect(await chooseEngine('auto', 'node')).toMatchObject({ engine: 'tfjs', device: 'node' })
  })

  it('refuses a device that the engine does not have, or none', async () => {
    await expect(chooseEngine('onnx', 'node')).rejects.toMatchObject({
      kind: 'option',
      received: 'node',
      hint: '--engine tfjs has it',
    })
    // Engine onnx lists what its runtime has, and runs no programs on it.
    const listed = await chooseEngine('onnx', 'webgpu').catch((error: unknown) => error)
    expect(listed).toMatchObject({ received: 'webgpu', hint: '--engine tfjs has it' })
    expect(listed).toMatchObject({ expected: expect.not.stringContaining('webgpu') })
    await expect(chooseEngine('auto', 'abacus')).rejects.toThrow(/no engine has[\s\S]*auto, [\s\S]*abacus/)
    await expect(chooseEngine('onyx', 'auto')).rejects.toThrow(/one of auto, onnx, tfjs/)
  })

  it('says its choice and the reason in one line when something is compiled', async () => {
    const images = input({ shape: [2] })
    const program = createProgram({
      model: functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(images) }),
      loss: categoricalCrossentropy(),
      batchSizes: { predict: [1] },
    })
    const lines: string[] = []
    const engine = await openEngine({ name: 'auto', device: 'cpu', allowCpu: true })
    for (let time = 0; time < 2; time++) {
      const executable = await engine.compile(program, { log: (line) => lines.push(line) })
      await executable.dispose()
    }
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^onnx on cpu, since /)
  })
})
