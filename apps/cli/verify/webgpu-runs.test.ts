import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { metricsOf, smallRun } from '../src/testing/convzoo.js'
import { Project } from '../src/testing/project.js'

const real = join(process.env.CONVZOO_TFJS_PROJECT ?? process.cwd(), 'node_modules/webgpu')

/** What befalls the device once the run has a checkpoint. */
const faults = {
  none: '',
  lost: `
    const submit = device.queue.submit.bind(device.queue)
    device.queue.submit = (...given) => {
      submit(...given)
      if (isDue()) device.destroy()
    }`,
  // A step needs no new memory any more.
  full: `
    const submit = device.queue.submit.bind(device.queue)
    device.queue.submit = (...given) => {
      if (isDue()) device.createBuffer({ size: 2 ** 40, usage: globals.GPUBufferUsage.STORAGE })
      submit(...given)
    }`,
}

/** A project with the package \`webgpu\`, whose devices have a fault. */
function projectWith(fault: keyof typeof faults): Project {
  const project = new Project(`webgpu-${fault}`)
  const folder = project.path('node_modules/webgpu')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "version": "0.6.2", "type": "module", "main": "entry.js" }')
  writeFileSync(
    join(folder, 'entry.js'),
    `import { existsSync, readdirSync } from 'node:fs'
import { create as createReal, globals } from ${JSON.stringify(pathToFileURL(join(real, 'index.js')).href)}
const folder = ${JSON.stringify(project.path('run/checkpoints'))}
const isDue = () => existsSync(folder) && readdirSync(folder).some((name) => /^step-\\d+\\.safetensors$/.test(name))
export { globals }
export function create(options) {
  const gpu = createReal(options)
  const requestAdapter = gpu.requestAdapter.bind(gpu)
  gpu.requestAdapter = async (...wanted) => {
    const adapter = await requestAdapter(...wanted)
    const requestDevice = adapter.requestDevice.bind(adapter)
    adapter.requestDevice = async (...given) => {
      const device = await requestDevice(...given)${faults[fault]}
      return device
    }
    return adapter
  }
  return gpu
}
`,
  )
  return project
}

const webgpu = ['--engine', 'tfjs', '--device', 'webgpu', '--allow-cpu']
const others = {
  'onnx on cpu': ['--engine', 'onnx', '--device', 'cpu'],
  'tfjs on cpu': ['--engine', 'tfjs', '--device', 'cpu'],
}

/** Trains as a user does, and fails as the command line does. */
function succeed(project: Project, ...parameters: string[]): void {
  const { status, stderr } = project.convzoo(...parameters)
  expect(status, stderr).toBe(0)
}

const lossesOf = (project: Project, run: string): number[] =>
  metricsOf(project.path(run)).flatMap(({ type, loss }) => (type === 'step' ? [Number(loss)] : []))

/** Two epochs of three steps whose losses are those of the same run on onnx. */
function expectWhole(project: Project, run: string): void {
  succeed(project, ...smallRun('whole', '--recipe', 'notebook', '--engine', 'onnx', '--device', 'cpu', '--epochs', '2'))
  const [losses, wanted] = [lossesOf(project, run), lossesOf(project, 'whole')]
  expect(losses).toHaveLength(6)
  wanted.forEach((loss, step) => {
    expect(Math.abs((losses[step] ?? Number.NaN) - loss) / loss).toBeLessThan(1e-4)
  })
}

describe('a run on webgpu', () => {
  it.each(Object.keys(others) as (keyof typeof others)[])('goes on with %s', (other) => {
    const project = projectWith('none')
    succeed(project, ...smallRun('run', '--recipe', 'notebook', ...webgpu, '--epochs', '1'))
    succeed(project, 'train', '--resume', 'run', '--epochs', '2', ...others[other])
    expectWhole(project, 'run')
  })

  it.each(Object.keys(others) as (keyof typeof others)[])('goes on where %s stopped', (other) => {
    const project = projectWith('none')
    succeed(project, ...smallRun('run', '--recipe', 'notebook', ...others[other], '--epochs', '1'))
    succeed(project, 'train', '--resume', 'run', '--epochs', '2', ...webgpu)
    expectWhole(project, 'run')
  })

  it('ends with the same weights, bit for bit, whenever its losses are read', () => {
    const project = projectWith('none')
    const training = ['--recipe', 'notebook', '--epochs', '2', ...webgpu]
    succeed(project, ...smallRun('one', ...training))
    succeed(project, ...smallRun('three', ...training, '--read-every', '3'))
    const [one, three] = ['one', 'three'].map((run) => readFileSync(project.path(`${run}/weights.safetensors`)))
    expect(three?.equals(one ?? Buffer.of())).toBe(true)
    expectWhole(project, 'three')
  })

  it.each([
    { fault: 'lost', readEvery: 1, message: /The GPU was lost/, hint: /--resume/ },
    { fault: 'lost', readEvery: 3, message: /The GPU was lost/, hint: /--resume/ },
    { fault: 'full', readEvery: 1, message: /The GPU has no room/, hint: /smaller batches/ },
    { fault: 'full', readEvery: 3, message: /The GPU has no room/, hint: /smaller batches/ },
  ] as const)(
    'whose GPU is $fault says so, with losses read every $readEvery, and goes on from its checkpoint with another engine',
    ({ fault, readEvery, message, hint }) => {
      const project = projectWith(fault)
      const training = ['--recipe', 'notebook', '--epochs', '2', '--read-every', String(readEvery)]
      const { status, stderr } = project.convzoo(...smallRun('run', ...training, ...webgpu))
      expect(status).toBe(2)
      expect(stderr).toMatch(message)
      expect(stderr).toMatch(hint)
      const resumed = project.convzoo('train', '--resume', 'run', ...others['onnx on cpu'])
      expect(resumed.status, resumed.stderr).toBe(0)
      expect(resumed.stderr).toMatch(/step-00000003\.safetensors was made by TensorFlow\.js/)
      expectWhole(project, 'run')
    },
  )
})
