// The native bindings of @tensorflow/tfjs-node-gpu and @tensorflow/tfjs-node, really run: installs both packages and a current
// TensorFlow wheel for each into a cache, links them as a user would (`convzoo doctor --link-libtensorflow pip`), and runs on them
// the engine suite, a thousand steps of training, and AlexNet beside engine onnx; on Node 22 and 24 too. Where there is no GPU,
// tfjs-node-gpu runs on its CPU kernels. The first run fetches about 900 MB and takes 4 GB of disk; later ones reuse them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { completed } from '../completed.mjs'
import { summarizeReport } from '../engine-suites.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const cache = join(root, 'node_modules/.cache/convzoo/tfjs-node')
const convzoo = join(root, 'tools/command/convzoo.mjs')
const cli = join(root, 'apps/cli/dist/cli.js')
const version = '4.22.0'
const packages = { cuda: '@tensorflow/tfjs-node-gpu', node: '@tensorflow/tfjs-node' }
const devices = Object.keys(packages)

function command(program, parameters, { cwd = cache, env, quiet = false } = {}) {
  const stdout = completed(program, parameters, { cwd, env })
  if (!quiet) process.stdout.write(stdout)
  return stdout
}

const works = (program, ...parameters) => spawnSync(program, parameters, { encoding: 'utf8' }).status === 0

export function missing() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'TensorFlow wheels are linked on Linux x64 alone'
  if (!works('python3', '-m', 'pip', '--version')) return 'python3 with pip is not installed, which fetches the wheels'
  if (!works(process.env.CXX ?? 'g++', '--version')) return 'there is no C++ compiler'
  return works('npm', '--version') ? undefined : 'npm is not installed'
}

const binding = (name) => join(cache, 'node_modules', name, 'lib/napi-v8/tfjs_binding.node')

function install() {
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'package.json'), '{ "private": true }\n')
  const names = Object.values(packages)
  if (!names.every((name) => existsSync(join(cache, 'node_modules', name, 'package.json')))) {
    console.log(`installing ${names.join(' and ')} ${version}`)
    const specifiers = names.map((name) => `${name}@${version}`)
    command('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...specifiers], { quiet: true })
  }
  if (!names.every((name) => existsSync(binding(name)))) {
    console.log('linking them to the libtensorflow of their wheels')
    command(process.execPath, [convzoo, 'doctor', '--link-libtensorflow', 'pip'], { quiet: true })
  }
  command(process.execPath, [convzoo, 'doctor'])
}

/** The engine suite on a device; the report stays in the cache for the table of docs/engines.md. */
function conformance(device) {
  const report = join(cache, `${device}.json`)
  vitest(`${device}.test.ts`, device, '--reporter=json', `--outputFile=${report}`)
  console.log(
    `engine suite on ${device}: ${summarizeReport(report)
      .map(({ suite, passed, total }) => `${suite} ${passed}/${total}`)
      .join(', ')}`,
  )
}

function memory(device) {
  const output = vitest('memory.test.ts', device)
  console.log(output.split('\n').find((line) => line.includes('MiB resident')) ?? 'no figures')
}

function vitest(file, device, ...parameters) {
  const entry = join(root, 'node_modules/vitest/vitest.mjs')
  return command(
    process.execPath,
    [entry, 'run', '--config', 'verify/vitest.config.ts', `verify/${file}`, ...parameters],
    {
      cwd: join(root, 'packages/engine-tfjs'),
      env: { CONVZOO_TFJS_PROJECT: cache, CONVZOO_TFJS_DEVICE: device, NO_COLOR: '1' },
      quiet: true,
    },
  )
}

/** The losses of some steps of AlexNet on MNIST, the same for every engine up to rounding. */
function train(name, steps, batchSize, parameters, program = [process.execPath]) {
  const folder = join(cache, 'runs', name)
  rmSync(folder, { recursive: true, force: true })
  const [first, ...before] = program
  const job = [
    'train',
    'alexnet',
    // By whose steps engines differ in their last digits alone; those of AdamW grow apart.
    '--recipe',
    'notebook',
    '--data',
    'mnist',
    '--input',
    '67x67x1',
    '--limit',
    String(steps * batchSize),
    '--batch-size',
    String(batchSize),
  ]
  const output = command(first, [...before, cli, ...job, '--test-limit', '10', '--run', folder, ...parameters], {
    quiet: true,
  })
  const metrics = readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const losses = metrics.filter(({ type }) => type === 'step').map(({ loss }) => loss)
  if (losses.length !== steps) throw new Error(`${name} made ${losses.length} steps instead of ${steps}.`)
  return { losses, output }
}

function expectSame(name, { losses, output }, reference) {
  const worst = Math.max(...losses.map((loss, step) => Math.abs(loss - reference.losses[step])))
  const engine = output.split('\n').find((line) => line.startsWith('engine  '))
  console.log(
    `${name}: ${losses.length} steps, loss ${losses.at(-1).toFixed(4)}, at most ${worst.toExponential(1)} from onnx on cpu`,
  )
  console.log(`  ${engine}`)
  if (!(worst <= 1e-3)) throw new Error(`The losses of ${name} differ from those of onnx by ${worst}.`)
}

export function run() {
  install()
  for (const device of devices) conformance(device)
  for (const device of devices) memory(device)

  const reference = train('onnx', 20, 16, ['--engine', 'onnx'])
  for (const device of devices) {
    expectSame(
      `tfjs on ${device}`,
      train(`tfjs-${device}`, 20, 16, ['--engine', 'tfjs', '--device', device, '--allow-cpu']),
      reference,
    )
  }
  const tiny = train('onnx-tiny', 3, 2, ['--engine', 'onnx'])
  expectSame('tfjs on cpu', train('tfjs-cpu', 3, 2, ['--engine', 'tfjs', '--device', 'cpu']), tiny)
  for (const node of ['22', '24']) {
    const other = ['npx', '-y', '-p', `node@${node}`, 'node']
    const parameters = ['--engine', 'tfjs', '--device', 'cuda', '--allow-cpu']
    expectSame(`tfjs on cuda, Node ${node}`, train(`node-${node}`, 3, 2, parameters, other), tiny)
  }
}
