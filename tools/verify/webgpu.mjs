// Engine tfjs on WebGPU, really run: npm's `webgpu` in a folder of its own, and where the machine has no GPU, SwiftShader, a GPU in
// software that Debian's chromium brings. The shaders against the float64 interpreter, the engine suite, a GPU that is full, lost or
// none, a thousand steps, ten steps of each network beside PyTorch, alexnet-twotower at 227, and by the command line: `doctor`, `auto`,
// runs that go on from webgpu to onnx and to tfjs on cpu and back, and from the checkpoint of one whose GPU was lost or full. In software,
// shaders are compiled more than run. The first run fetches about 250 MB and keeps them. `--real` takes the machine's own GPU or fails.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { completed } from '../completed.mjs'
import { missingDebian } from '../debian-packages.mjs'
import { summarizeReport } from '../engine-suites.mjs'
import { metricsOf } from '../training-run.mjs'
import { webgpuProject as cache, installWebgpu, softwareGpu } from '../webgpu-project.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const cli = join(root, 'apps/cli/dist/cli.js')
const isReal = process.argv.includes('--real')

const command = (program, parameters, { cwd = cache, env } = {}) => completed(program, parameters, { cwd, env })

export function missing() {
  if (spawnSync('npm', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' }).status !== 0) {
    return 'npm is not installed'
  }
  if (isReal) return undefined
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return 'SwiftShader is taken from a package of Debian for Linux x64; --real takes the GPU of this machine'
  }
  return missingDebian()
}

/** Runs files of a package's `verify` folder: how many tests passed, all of them or an error. */
function suites(folder, files, gpu, except = []) {
  // The one of the engine suite is read by `pnpm docs:engines`.
  const report = join(cache, `${basename(files[0])}.json`)
  const entry = join(root, 'node_modules/vitest/vitest.mjs')
  const others = except.map((file) => `--exclude=${file}`)
  const parameters = ['run', '--config', 'verify/vitest.config.ts', ...files, ...others]
  const output = command(
    process.execPath,
    [entry, ...parameters, '--reporter=default', '--reporter=json', `--outputFile=${report}`],
    {
      cwd: join(root, folder),
      env: { ...gpu, CONVZOO_TFJS_PROJECT: cache, CONVZOO_TFJS_DEVICE: 'webgpu', NO_COLOR: '1' },
    },
  )
  return { report, output }
}

const convzoo = (parameters, gpu = {}) => command(process.execPath, [cli, ...parameters], { env: gpu })

const onGpu = ['--engine', 'tfjs', '--device', 'webgpu', '--allow-cpu']

/** Starts a run anew. */
function train(name, more, gpu) {
  const folder = join(cache, 'runs', name)
  rmSync(folder, { recursive: true, force: true })
  // By its steps engines differ in their last digits alone; those of AdamW grow apart.
  convzoo(['train', ...more, '--recipe', 'notebook', '--run', folder], gpu)
  return folder
}

/** Runs that one engine begins and another ends, and those that a lost or a full GPU ends. */
function runs(gpu) {
  suites('apps/cli', ['verify/webgpu-runs'], gpu)
  console.log('runs go on from webgpu to onnx and tfjs on cpu and back, and where the GPU was lost or full')
}

/** What the command line says of the GPU, and that a processor that passes for one is never taken by itself. */
function choices(gpu) {
  const { engines, auto } = JSON.parse(convzoo(['doctor', '--json'], gpu))
  const found = engines
    .flatMap(({ devices }) => devices)
    .find(({ device, description }) => device === 'webgpu' && /TensorFlow/.test(description))
  console.log(`doctor: ${found.description}\n  auto takes ${auto.engine} on ${auto.device}, since ${auto.reason}`)
  const isTaken = auto.device === 'webgpu'
  if (found.available !== isTaken || (found.kind === 'fallback') === isTaken)
    throw new Error('auto takes the wrong device.')
  if (isReal && !isTaken) throw new Error(`The GPU of this machine is not used: ${found.reason}`)
}

/** Of what a suite printed, the line that has this in it. */
const lineWith = (output, words) => output.split('\n').find((line) => line.includes(words)) ?? 'no figures'

function shaders(gpu) {
  suites('packages/engine-tfjs', ['verify/webgpu/'], gpu, ['verify/webgpu/conformance.test.ts'])
  console.log('shaders and faults: all tests passed')
}

function engineSuite(gpu) {
  const { report } = suites('packages/engine-tfjs', ['verify/webgpu/conformance'], gpu)
  const counts = summarizeReport(report).map(({ suite, passed, total }) => `${suite} ${passed}/${total}`)
  console.log(`engine suite on webgpu: ${counts.join(', ')}`)
}

function memory(gpu) {
  const { output } = suites('packages/engine-tfjs', ['verify/memory'], gpu)
  console.log(lineWith(output, 'MiB resident'))
}

function networks(gpu) {
  suites('apps/cli', ['verify/webgpu-networks'], gpu)
  console.log('ten steps of each network: as PyTorch in double precision')
}

/** The losses of a step and of a test after it, whose network the step has moved. */
async function lossesOf(folder) {
  return (await metricsOf(folder)).filter(({ type }) => type === 'step' || type === 'test').map(({ loss }) => loss)
}

// A step in software takes minutes: its kernels have 37 million weights, and a tile of a matrix product 64 rows, of which one sample fills one.
const large = [
  ...['alexnet-twotower', '--data', 'mnist', '--input', '227x227x1', '--learning-rate', '0.01'],
  ...['--limit', '1', '--batch-size', '1', '--test-limit', '1'],
]

async function twoTower(gpu) {
  const wanted = await lossesOf(train('two-tower-onnx', [...large, '--engine', 'onnx']))
  const losses = await lossesOf(train('two-tower', [...large, ...onGpu], gpu))
  if (losses.length !== 2 || wanted.length !== 2) throw new Error(`Losses of ${losses} instead of ${wanted}.`)
  const worst = Math.max(...wanted.map((loss, index) => Math.abs(loss - losses[index]) / loss))
  console.log(
    `alexnet-twotower at 227: losses of a step and of a test after it at most ${worst.toExponential(1)} from those of onnx on cpu`,
  )
  if (!(worst <= 1e-4)) throw new Error('alexnet-twotower at 227 differs.')
}

/** The parts of this suite, in their order. */
export const parts = { choices, shaders, engineSuite, memory, networks, runs, twoTower }

/** The environment in which they find the GPU. */
export function prepared() {
  installWebgpu()
  return isReal ? {} : softwareGpu()
}

export async function run() {
  const gpu = prepared()
  for (const [name, part] of Object.entries(parts)) {
    const started = performance.now()
    await part(gpu)
    console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`)
  }
}
