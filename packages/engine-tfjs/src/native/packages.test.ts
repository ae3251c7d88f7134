import { tfjs } from '@convzoo/engine-tfjs'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type FakePackage,
  fakeProject,
  tensorflowWithoutBinding,
  tensorflowWithoutGpu,
} from '../testing/fake-project.js'

const removals: (() => void)[] = []
afterEach(() => {
  for (const remove of removals.splice(0)) remove()
})

function project(fake?: FakePackage): string {
  const { folder, remove } = fakeProject(fake)
  removals.push(remove)
  return folder
}

const program = { state: [], functions: {} }

const cuda = async (folder: string) => {
  const reports = await tfjs({ project: folder }).devices()
  return reports.find(({ device }) => device === 'cuda')
}

describe('a native package', () => {
  it('that is not installed is named, with the command that adds it', async () => {
    const folder = project()
    await expect(tfjs({ device: 'cuda', project: folder }).compile(program)).rejects.toMatchObject({
      kind: 'engine',
      received: `@tensorflow/tfjs-node-gpu is not installed in ${folder}`,
      hint: expect.stringMatching(/^npm install @tensorflow\/tfjs-node-gpu;/),
    })
    expect(await cuda(folder)).toMatchObject({
      available: false,
      hint: expect.stringMatching(/^npm install @tensorflow/),
    })
  })

  it('that was installed without its binding is told from one that is not installed', async () => {
    const folder = project({ main: tensorflowWithoutBinding, withBinding: false })
    await expect(tfjs({ device: 'cuda', project: folder }).compile(program)).rejects.toMatchObject({
      kind: 'engine',
      received: expect.stringContaining('without its native binding'),
      hint: expect.stringContaining('--link-libtensorflow'),
    })
    expect(await cuda(folder)).toMatchObject({ available: false, reason: expect.stringContaining('tfjs_binding.node') })
  })

  it('that throws when it is loaded is reported with its own words', async () => {
    const folder = project({ main: tensorflowWithoutBinding, withBinding: true })
    await expect(tfjs({ device: 'cuda', project: folder }).compile(program)).rejects.toMatchObject({
      kind: 'engine',
      received: expect.stringContaining('can not be found at path'),
    })
    expect(await cuda(folder)).toMatchObject({ available: false, reason: expect.stringContaining('can not be found') })
  })

  it('that takes its process down is reported too', async () => {
    const folder = project({ main: 'process.abort()', withBinding: true })
    expect(await cuda(folder)).toMatchObject({ available: false, reason: 'it ended with SIGABRT' })
  })

  it('on the CPU is an error where a GPU was asked for, unless that is allowed', async () => {
    const folder = project({ main: tensorflowWithoutGpu, withBinding: true })
    await expect(tfjs({ device: 'cuda', project: folder }).compile(program)).rejects.toMatchObject({
      kind: 'engine',
      received: expect.stringMatching(/placed Conv2D on CPU:0; Could not load dynamic library libcudart/),
      hint: expect.stringContaining('--allow-cpu'),
    })
    const lines: string[] = []
    const log = (line: string) => lines.push(line)
    const executable = await tfjs({ device: 'cuda', project: folder, allowCpu: true }).compile(program, { log })
    expect(lines).toEqual(['TensorFlow placed Conv2D on CPU:0'])
    expect(executable.description).toMatch(/tfjs-node-gpu 4\.22\.0 on libtensorflow 2\.9\.1 .*tfjs_binding\.node.*CPU/)
    await executable.dispose()
    expect(await cuda(folder)).toMatchObject({ available: false, reason: expect.stringContaining('libcudart') })
  })
})

describe('options', () => {
  it.each([
    [{ device: 'tpu' }, /"device"[\s\S]*"cpu", "node", "cuda", "webgpu"[\s\S]*tpu/],
    [{ threads: 0 }, /"threads"[\s\S]*from 1 to/],
  ])('%j is refused in words', (options, message) => {
    expect(() => tfjs(options as never)).toThrow(message)
  })
})
