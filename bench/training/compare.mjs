// Trains AlexNet beside PyTorch on the same work and prints both rates and their ratio. The two take turns, so that a machine whose
// speed swings treats both alike; while one computes, the other waits.
//
//   pnpm bench:training [--rounds 5] [--steps 4] [--batch-size 32] [--input 227x227x3] [--classes 1000] [--python /usr/bin/python3]
//
// The peer is whatever PyTorch the given Python has. On Debian: apt-get install python3-torch libopenblas0-pthread
import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '4' },
    'batch-size': { type: 'string', default: '32' },
    input: { type: 'string', default: '227x227x3' },
    classes: { type: 'string', default: '1000' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
})
const here = dirname(fileURLToPath(import.meta.url))
const work = [
  '--steps',
  values.steps,
  '--batch-size',
  values['batch-size'],
  '--input',
  values.input,
  '--classes',
  values.classes,
]

/** A program that, for each line it is sent, does the steps and answers with the seconds of each as JSON. Its first line says what it is. */
function contestant(name, command, script) {
  // Settings that choose an older processor's kernels slow a program down: both run without them.
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env
  const child = spawn(command, [join(here, script), ...work], { stdio: ['pipe', 'pipe', 'inherit'], env })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${name} ended before it answered.`)
    return JSON.parse(value)
  }
  return {
    name,
    seconds: [],
    description: next,
    async round() {
      child.stdin.write('go\n')
      this.seconds.push(...(await next()))
    },
    end: () => child.stdin.end(),
  }
}

const contestants = [
  contestant('convzoo', process.execPath, 'convzoo.mjs'),
  contestant('pytorch', values.python, 'pytorch.py'),
]
for (const each of contestants) console.log(`${each.name.padEnd(8)} ${await each.description()}`)
for (const each of contestants) await each.round() // warms up
for (const each of contestants) each.seconds.length = 0
for (let round = 0; round < Number(values.rounds); round++) for (const each of contestants) await each.round()
for (const each of contestants) each.end()

const rate = (seconds) => Number(values['batch-size']) / seconds
const statistics = contestants.map(({ name, seconds }) => {
  const sorted = seconds.toSorted((a, b) => a - b)
  return { name, best: rate(sorted[0]), median: rate(sorted[Math.floor(sorted.length / 2)]) }
})
const [ours, peer] = statistics
console.log(
  `\nAlexNet ${values.input}, ${values.classes} classes, batch ${values['batch-size']}, SGDW; ${contestants[0].seconds.length} steps each`,
)
for (const { name, best, median } of statistics) {
  console.log(`${name.padEnd(8)} best ${best.toFixed(1)} img/s, median ${median.toFixed(1)} img/s`)
}
console.log(
  `convzoo / pytorch: ${(ours.best / peer.best).toFixed(2)} of the best, ${(ours.median / peer.median).toFixed(2)} of the medians`,
)
console.log(`${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)}`)
