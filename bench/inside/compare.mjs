// `pnpm bench:inside`: what it takes to look inside AlexNet by @convzoo/visualize/inside and by Captum, which does the same for PyTorch: the same random
// weights of torchvision's AlexNet, the same images, in turns on one machine. Captum runs plain and with channels last, and the better counts.
//
//   pnpm bench:inside [--images 100] [--batch-size 16] [--rounds 2] [--methods gradient,grad-cam] [--draft]
//
// The environment of Python is made with PyPI's packages; CONVZOO_PYTHON names one that has them. Results are written to results.json, and the table of
// docs/inside.md is made of them; `--draft` only prints.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { builtCli } from '../../tools/build.mjs'
import { ended, missingPython, pythonWith } from '../../tools/python-environment.mjs'
import { contestant } from '../contest.mjs'
import { writePage } from './page.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const all = [
  'activations',
  'gradient',
  'guided',
  'deconvnet',
  'grad-cam',
  'smooth-grad',
  'integrated-gradients',
  'occlusion',
]
const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '100' },
    'batch-size': { type: 'string', default: '16' },
    rounds: { type: 'string', default: '2' },
    threads: { type: 'string', default: String(cpus().length) },
    methods: { type: 'string', default: all.join(',') },
    draft: { type: 'boolean', default: false },
  },
})
const settings = {
  images: Number(values.images),
  batchSize: Number(values['batch-size']),
  threads: Number(values.threads),
  samples: 10,
  steps: 20,
  square: 56,
  stride: 28,
}
/** Milliseconds in which a method takes more turns than it must, and how many at most. */
const [shortMethod, mostRounds] = [25_000, 8]
const needed = ['torch==2.6.0', 'torchvision==0.21.0', 'captum==0.8.0', 'numpy<2']
const missing = missingPython(['torch', 'torchvision', 'captum'])
if (missing !== undefined) throw new Error(`There is no peer to compare with: ${missing}`)

/** Bytes that a process has taken at most, where Linux tells. */
function peakOf(pid) {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

const folder = mkdtempSync(join(tmpdir(), 'convzoo-inside-'))
try {
  const cli = builtCli()
  const python = pythonWith(needed, join(folder, 'venv'))
  const peer = join(here, 'captum_methods.py')
  const parameters = JSON.stringify(settings)
  ended(python, peer, folder, 'none', parameters, 'prepare')
  ended(
    process.execPath,
    cli,
    'import',
    join(folder, 'alexnet.pth'),
    '--as',
    'alexnet.torchvision',
    '-o',
    join(folder, 'alexnet.safetensors'),
  )
  const rows = []
  for (const method of values.methods.split(',')) rows.push(await compared(method, { python, peer, parameters }))
  if (!values.draft) {
    const date = new Date().toISOString().slice(0, 10)
    const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}`
    writeFileSync(join(here, 'results.json'), `${JSON.stringify({ date, machine, ...settings, rows }, undefined, 2)}\n`)
    writePage()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Seconds and memory of one method, of the best round of each. */
async function compared(method, { python, peer, parameters }) {
  const ways = ['plain', 'channels-last']
  const contestants = [
    contestant('convzoo', process.execPath, [join(here, 'ours.mjs'), folder, method, parameters]),
    ...ways.map((way) => contestant(way, python, [peer, folder, method, parameters, way])),
  ]
  for (const each of contestants) await each.description()
  // What takes long swings less: short methods take more turns.
  const began = performance.now()
  const isShort = () => performance.now() - began < shortMethod
  for (let round = 0; round < Number(values.rounds) || (round < mostRounds && isShort()); round++) {
    for (const each of contestants) await each.round()
  }
  const found = contestants.map(({ seconds, pid }) => ({ seconds: Math.min(...seconds), peak: peakOf(pid) }))
  for (const each of contestants) each.end()
  const [ours, ...peers] = found
  const best = peers.reduce((least, each) => (each.seconds < least.seconds ? each : least))
  const row = { method, ours, captum: best, way: ways[peers.indexOf(best)], ratio: best.seconds / ours.seconds }
  const told = ({ seconds, peak }) => `${seconds.toFixed(2)} s, ${(peak / 1e6).toFixed(0)} MB`
  console.log(
    `${method.padEnd(20)} convzoo ${told(ours)}; Captum, ${row.way}, ${told(best)}: ${row.ratio.toFixed(2)} times as fast`,
  )
  return row
}
