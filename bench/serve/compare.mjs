// `convzoo serve` beside FastAPI, uvicorn, Pillow and onnxruntime on the same model and the same photographs, in turns: requests a second, and the
// time within which 99 of 100 were answered.
//
//   pnpm bench:serve [--network alexnet] [--input 227x227x3] [--clients 64] [--seconds 10] [--rounds 5] [--photographs <folder>] [--draft]
//
// The peer runs as `--peers` says, and the best of them counts: `1x2` is one process whose sessions have two threads, `2x1` two processes of one. The
// environment of Python is made with PyPI's packages; CONVZOO_PYTHON names one that has them.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { completed } from '../../tools/completed.mjs'
import { missingPython, pythonWith } from '../../tools/python-environment.mjs'
import { ask, load } from './load.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const cli = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url))
const sharp = createRequire(new URL('../../packages/data/package.json', import.meta.url))('sharp')
const needed = ['fastapi==0.165.0', 'uvicorn[standard]==0.54.0', 'onnxruntime==1.32.0', 'pillow==11.1.0', 'numpy']
const imports = ['fastapi', 'uvicorn', 'onnxruntime', 'PIL', 'numpy']

const text = (fallback) => ({ type: 'string', default: fallback })
const { values } = parseArgs({
  options: {
    network: text('alexnet'),
    input: text('227x227x3'),
    clients: text('64'),
    seconds: text('10'),
    rounds: text('5'),
    photographs: text(''),
    draft: { type: 'boolean', default: false },
    peers: text(`1x1,1x${cpus().length},${cpus().length}x1`),
  },
})
const clients = Number(values.clients)
const seconds = Number(values.seconds)

/** Probabilities of one decoder and another, of which each shrinks on load in its own way. */
const tolerance = 0.05

/** Photographs that are given, or pictures of their sizes and about their weight: soft shapes under fine noise. */
async function photographsIn(folder) {
  if (values.photographs !== '') {
    const names = readdirSync(values.photographs, { recursive: true }).filter((name) => /\.jpe?g$/i.test(name))
    return names.sort().map((name) => readFileSync(join(values.photographs, name)))
  }
  const made = []
  for (let index = 0; index < 32; index++) {
    const [width, height] = [300 + ((index * 97) % 500), 300 + ((index * 61) % 500)]
    const noise = (sigma) => ({
      create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma } },
    })
    const shapes = await sharp(noise(90))
      .blur(12 + index)
      .normalise()
      .png()
      .toBuffer()
    const grain = await sharp(noise(20)).png().toBuffer()
    const bytes = await sharp(shapes)
      .composite([{ input: grain, blend: 'soft-light' }])
      .jpeg({ quality: 92 })
      .toBuffer()
    const place = join(folder, `class-${index % 4}`)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, `${index}.jpg`), bytes)
    made.push(bytes)
  }
  return made
}

/** A run of one epoch, and the same network as an ONNX model. */
function trained(folder, data) {
  const [run, model] = [join(folder, 'run'), join(folder, 'model.onnx')]
  const convzoo = (...parameters) => completed(process.execPath, [cli, ...parameters])
  convzoo(
    'train',
    values.network,
    '--data',
    data,
    '--input',
    values.input,
    '--batch-size',
    '4',
    '--limit',
    '8',
    '--run',
    run,
  )
  convzoo('export', run, '-o', model)
  return { run, model }
}

/** Settings that choose an older processor's kernels slow a program down: both run without them. */
const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...environment } = process.env

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** A server of a name, once it is well. */
async function server(name, command, parameters, env = {}) {
  const port = await freePort()
  const child = spawn(command, [...parameters, '--port', String(port)], {
    cwd: here,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...environment, ...env },
  })
  const url = `http://127.0.0.1:${port}/`
  for (let wait = 0; wait < 600; wait++) {
    if (child.exitCode !== null) throw new Error(`${name} ended before it answered.`)
    const isWell = await fetch(`${url}health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isWell) return { name, url, child, rates: [], milliseconds: [] }
    await sleep(200)
  }
  throw new Error(`${name} does not answer.`)
}

/** That all give the same classes: they do the same work. */
async function requireSame(servers, photographs) {
  let worst = 0
  for (const photograph of photographs.slice(0, 8)) {
    const answers = await Promise.all(servers.map(({ url }) => ask(url, photograph)))
    const [first, ...others] = answers.map(
      ({ answer }) => new Map(answer[0].top.map((each) => [each.class, each.probability])),
    )
    for (const other of others) {
      for (const [name, probability] of first) worst = Math.max(worst, Math.abs(probability - (other.get(name) ?? 0)))
    }
  }
  console.log(`probabilities differ by at most ${worst.toExponential(1)}`)
  if (!(worst <= tolerance)) throw new Error('The servers see other pictures, or are other networks.')
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b)
const at = (numbers, part) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(part * numbers.length))]

async function main() {
  const reason = missingPython(imports)
  if (reason !== undefined) throw new Error(reason)
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-bench-serve-'))
  const servers = []
  try {
    const data = join(folder, 'photographs')
    const photographs = await photographsIn(data)
    const { run, model } = trained(folder, values.photographs === '' ? data : values.photographs)
    const python = pythonWith(needed, join(folder, 'venv'))
    servers.push(await server('convzoo', process.execPath, [cli, 'serve', run]))
    for (const peer of values.peers.split(',').filter((each, index, all) => all.indexOf(each) === index)) {
      const [workers, threads] = peer.split('x')
      const parameters = ['-m', 'uvicorn', 'server:app', '--log-level', 'warning', '--workers', workers]
      servers.push(
        await server(`fastapi ${peer}`, python, parameters, {
          ...{ MODEL: model, THREADS: threads, DRAFT: values.draft ? '1' : '0' },
        }),
      )
    }
    await requireSame(servers, photographs)
    for (let round = 0; round <= Number(values.rounds); round++) {
      for (const each of servers) {
        const { rate, milliseconds } = await load(each.url, photographs, { clients, seconds })
        // The first warms up.
        if (round === 0) continue
        each.rates.push(rate)
        each.milliseconds.push(...milliseconds)
      }
    }
    report(servers, photographs)
  } finally {
    for (const { child } of servers) child.kill()
    rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
  }
}

function report(servers, photographs) {
  const bytes = photographs.reduce((sum, { length }) => sum + length, 0) / photographs.length
  console.log(
    `\n${values.network} ${values.input}, ${clients} clients, photographs of ${(bytes / 1000).toFixed(0)} kB on average`,
  )
  for (const { name, rates, milliseconds } of servers) {
    const [best, median, p99] = [Math.max(...rates), at(rates, 0.5), at(milliseconds, 0.99)]
    console.log(
      `${name.padEnd(14)} best ${best.toFixed(1)} requests/s, median ${median.toFixed(1)}, p99 ${p99.toFixed(0)} ms`,
    )
  }
  const [ours, ...peers] = servers
  const best = peers.reduce((one, other) => (at(other.rates, 0.5) > at(one.rates, 0.5) ? other : one))
  const ratio = at(ours.rates, 0.5) / at(best.rates, 0.5)
  const latency = at(best.milliseconds, 0.99) / at(ours.milliseconds, 0.99)
  console.log(
    `convzoo / ${best.name}: ${ratio.toFixed(2)} of the median rates, ${latency.toFixed(2)} times as quick at p99`,
  )
  console.log(`${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)}`)
}

await main()
