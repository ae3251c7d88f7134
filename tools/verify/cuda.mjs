// ONNX Runtime with its CUDA provider, as far as the machine allows: fetches Python's package and links it as a user would
// (`convzoo doctor --link-onnxruntime pip`), says what doctor finds, and runs the engine suite on its library's CPU beside that of
// onnxruntime-node. Our kernels are compiled for three kinds of GPU, and run on this processor where there is g++. Where there is a GPU that can be
// used, the engine suite runs there, too, and AlexNet beside the CPU. The first run fetches 250 MB and takes 300 MB of disk; later ones reuse them.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { completed } from '../completed.mjs'
import { summarizeReport } from '../engine-suites.mjs'
import { onnxCudaProject as cache, linkedFolder, makeProject } from '../onnx-cuda-project.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const cli = join(root, 'apps/cli/dist/cli.js')

const works = (program, ...parameters) => spawnSync(program, parameters, { encoding: 'utf8' }).status === 0

export function missing() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the CUDA provider is tried on Linux on x64 alone'
  return works('python3', '-m', 'pip', '--version')
    ? undefined
    : 'python3 with pip is not installed, which fetches the wheel'
}

const node = (parameters, { cwd = cache, env } = {}) => completed(process.execPath, parameters, { cwd, env })

function findings() {
  makeProject()
  const linking = existsSync(linkedFolder) ? [] : ['--link-onnxruntime', 'pip']
  const { engines, onnxCuda, auto } = JSON.parse(node([cli, 'doctor', '--json', ...linking]))
  const { devices } = engines.find(({ engine }) => engine === 'onnx')
  return { cuda: devices.find(({ device }) => device === 'cuda'), onnxCuda, auto }
}

/** CUDA's compiler, of Python's package, which is fetched once. */
function compiler() {
  const folder = join(cache, 'nvrtc')
  const here = () =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true }).find((name) => /libnvrtc\.so\.\d+$/.test(name))
      : undefined
  if (here() === undefined)
    completed('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, 'nvidia-cuda-nvrtc'])
  return join(folder, here())
}

function suite(name) {
  const report = join(cache, `${name}.json`)
  const entry = join(root, 'node_modules/vitest/vitest.mjs')
  const parameters = ['--config', 'verify/vitest.config.ts', '--reporter=json', `--outputFile=${report}`]
  node([entry, 'run', `verify/${name}.test.ts`, ...parameters], {
    cwd: join(root, 'packages/engine-onnx'),
    env: { CONVZOO_ONNX_PROJECT: cache, CONVZOO_NVRTC: compiler(), NO_COLOR: '1' },
  })
  return summarizeReport(report)
    .map(({ suite, passed, total }) => `${suite} ${passed}/${total}`)
    .join(', ')
}

/** The losses of twenty steps of AlexNet on MNIST. */
function losses(device) {
  const folder = join(cache, 'runs', device)
  rmSync(folder, { recursive: true, force: true })
  const job = [
    'train',
    'alexnet',
    '--recipe',
    'notebook',
    '--data',
    'mnist',
    '--input',
    '67x67x1',
    '--limit',
    '320',
    '--batch-size',
    '16',
  ]
  node([cli, ...job, '--test-limit', '10', '--engine', 'onnx', '--device', device, '--run', folder])
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line)).flatMap(({ type, loss }) => (type === 'step' ? [loss] : []))
}

export function run() {
  const { cuda, onnxCuda, auto } = findings()
  console.log(cuda.description)
  for (const { library, found } of onnxCuda.needs) console.log(`  ${library}: ${found ?? 'not found'}`)
  if (onnxCuda.probe?.cpu !== true) throw new Error(`The linked library does not run: ${onnxCuda.probe?.failure}`)
  console.log(`--engine auto takes ${auto.engine} on ${auto.device}, since ${auto.reason}`)
  console.log(`engine suite on the CPU of Python's package, beside onnxruntime-node: ${suite('beside')}`)
  console.log(`kernels, by CUDA's compiler: ${suite('kernels')}`)
  if (works('g++', '--version')) console.log(`kernels on this processor, beside plain loops: ${suite('emulation')}`)
  else console.log('kernels on this processor: not run, since g++ is not installed')
  if (!cuda.available) {
    if (!/\w/.test(cuda.reason) || !/\w/.test(cuda.hint)) throw new Error('doctor does not say what is missing.')
    console.log(`on a GPU: not run, since ${cuda.reason}; ${cuda.hint}`)
    return
  }
  console.log(`engine suite on cuda: ${suite('cuda')}`)
  const [reference, onCuda] = [losses('cpu'), losses('cuda')]
  const worst = Math.max(...onCuda.map((loss, step) => Math.abs(loss - reference[step])))
  console.log(`AlexNet: ${onCuda.length} steps, losses at most ${worst.toExponential(1)} from those of the CPU`)
  if (!(onCuda.length === 20 && worst <= 1e-3)) throw new Error('AlexNet trains to other losses on cuda than on cpu.')
}
