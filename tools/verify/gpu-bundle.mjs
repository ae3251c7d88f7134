// The bundle for machines with a GPU, tried whole on one without: packed, copied into an empty folder, and run there without Node on the PATH,
// with SwiftShader for a GPU and ONNX Runtime's CPU for CUDA, at tiny sizes. The first run fetches 500 MB, keeps 800 MB and packs for minutes.
// CONVZOO_PYTHON names a Python with PyTorch, which is then a part of the bench; `--wheel` a wheel of onnxruntime-gpu.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingDebian } from '../debian-packages.mjs'
import { largestPiece } from '../gpu-bundle/archive.mjs'
import { swiftShader } from '../webgpu-project.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const bundle = join(root, 'gpu-bundle')

/** What runs JavaScript: the bundle's own Node has to do. */
const left = /^(?:node|nodejs|npm|npx|corepack|bun|deno)$/

export function missing() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'a bundle is packed and run on Linux on x64'
  for (const program of ['npm', 'xz', 'python3']) {
    if (spawnSync(program, ['--version']).status !== 0) return `there is no ${program}`
  }
  return missingDebian()
}

/** A folder of the system's programs without any Node. */
function programsWithoutNode(folder) {
  mkdirSync(folder)
  for (const name of readdirSync('/usr/bin'))
    if (!left.test(name)) symlinkSync(join('/usr/bin', name), join(folder, name))
  return folder
}

function command(program, parameters, { cwd = root, env = process.env, codes = [0] } = {}) {
  const { status, signal } = spawnSync(program, parameters, { cwd, env, stdio: 'inherit' })
  if (!codes.includes(status)) throw new Error(`${program} ${parameters.join(' ')} ended with ${signal ?? status}`)
  return status
}

/** A piece that is not what was packed is refused before anything of it is unpacked. */
function refuseDamage(copy, env) {
  const damaged = mkdtempSync(join(tmpdir(), 'convzoo-gpu-damaged-'))
  try {
    cpSync(join(copy, 'run.sh'), join(damaged, 'run.sh'))
    cpSync(join(copy, 'SHA256SUMS'), join(damaged, 'SHA256SUMS'))
    command('/bin/bash', [join(damaged, 'run.sh'), '--software'], { cwd: damaged, env, codes: [2] })
    if (readdirSync(join(damaged, 'unpacked')).length > 0) throw new Error('Pieces that are not there were unpacked.')
  } finally {
    rmSync(damaged, { recursive: true, force: true })
  }
}

function requireResults({ status, machine, parts }, code) {
  if (status !== (code === 0 ? 'ran' : 'not measured'))
    throw new Error(`The bundle ended with ${code} and says ${status}.`)
  if (!(Date.parse(machine.date) > 0) || machine.node !== process.version)
    throw new Error('It does not say where it ran.')
  const { doctor, suites, parity, memory, bench } = parts
  const counts = suites.suites.map(({ target, counts: each }) => {
    const total = each.reduce((sum, part) => sum + part.total, 0)
    if (total < 200 || each.some((part) => part.passed !== part.total))
      throw new Error(`The suite on ${target} did not pass.`)
    return `${target} ${total}`
  })
  console.log(`engine suites: ${counts.join(', ')}; --engine auto: ${doctor.auto.engine} on ${doctor.auto.device}`)
  if (parity.parity.length !== 4 || memory.memory.length !== 2) throw new Error('A device is missing.')
  const measured = bench.contestants.flatMap(({ name, cases }) =>
    cases.map(({ mode, ms }) => `${name} ${mode} ${ms.p50} ms`),
  )
  if (measured.length < 4) throw new Error('The bench measured too little.')
  console.log(measured.join('; '))
}

export function run() {
  const wheel = process.argv.indexOf('--wheel')
  command(process.execPath, [
    join(root, 'tools/gpu-bundle.mjs'),
    ...(wheel < 0 ? [] : process.argv.slice(wheel, wheel + 2)),
  ])
  for (const name of readdirSync(bundle)) {
    const { size } = statSync(join(bundle, name))
    if (size > largestPiece) throw new Error(`${name} has ${size} bytes.`)
  }
  const empty = mkdtempSync(join(tmpdir(), 'convzoo-gpu-'))
  try {
    const python = process.env.CONVZOO_PYTHON
    const env = {
      PATH: programsWithoutNode(join(empty, 'bin')),
      VK_ICD_FILENAMES: swiftShader(),
      ...(python && { CONVZOO_PYTHON: python }),
    }
    cpSync(bundle, join(empty, 'gpu-bundle'), { recursive: true })
    refuseDamage(join(empty, 'gpu-bundle'), env)
    // Without PyTorch its part is not measured, and nothing else.
    const code = command('/bin/bash', ['gpu-bundle/run.sh', '--software'], { cwd: empty, env, codes: [0, 3] })
    const results = JSON.parse(readFileSync(join(empty, 'gpu-results/results.json'), 'utf8'))
    requireResults(results, code)
    if (code === 3 && results.parts.bench.missing.some((each) => !each.startsWith('PyTorch'))) {
      throw new Error(`Not measured: ${results.parts.bench.missing.join('; ')}`)
    }
  } finally {
    rmSync(empty, { recursive: true, force: true })
  }
}
