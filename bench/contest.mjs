// Programs that do the same work in turns, so that a machine whose speed swings treats all alike; while one computes, the others wait.
import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

/** What all benches take, and the same as parameters for the programs. */
export function workOf(more) {
  const text = (fallback) => ({ type: 'string', default: fallback })
  const { values } = parseArgs({
    options: {
      rounds: text('5'),
      steps: text('4'),
      'batch-size': text('32'),
      input: text('227x227x3'),
      classes: text('1000'),
      ...Object.fromEntries(Object.entries(more).map(([name, fallback]) => [name, text(fallback)])),
    },
  })
  const work = ['steps', 'batch-size', 'input', 'classes'].flatMap((name) => [`--${name}`, values[name]])
  return { values, work }
}

/** A program that, for each line it is sent, does the steps and answers with the seconds of each as JSON. Its first line says what it is. */
export function contestant(name, command, parameters, { cwd } = {}) {
  // Settings that choose an older processor's kernels slow a program down: all run without them.
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env
  const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'inherit'], env, cwd })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${name} ended before it answered.`)
    return JSON.parse(value)
  }
  return {
    name,
    pid: child.pid,
    seconds: [],
    description: next,
    async round() {
      child.stdin.write('go\n')
      this.seconds.push(...(await next()))
    },
    end: () => child.stdin.end(),
  }
}

/** Lets all take turns, prints what each did, and gives its best and median rates in images a second. */
export async function compete(contestants, { rounds, 'batch-size': batchSize, input, classes }) {
  const width = Math.max(...contestants.map(({ name }) => name.length))
  for (const each of contestants) console.log(`${each.name.padEnd(width)} ${await each.description()}`)
  for (const each of contestants) await each.round() // warms up
  for (const each of contestants) each.seconds.length = 0
  for (let round = 0; round < Number(rounds); round++) for (const each of contestants) await each.round()
  for (const each of contestants) each.end()
  const rate = (seconds) => Number(batchSize) / seconds
  const statistics = contestants.map(({ name, seconds }) => {
    const sorted = seconds.toSorted((a, b) => a - b)
    return { name, best: rate(sorted[0]), median: rate(sorted[Math.floor(sorted.length / 2)]) }
  })
  const steps = contestants[0].seconds.length
  console.log(`\nAlexNet ${input}, ${classes} classes, batch ${batchSize}, SGDW; ${steps} steps each`)
  for (const { name, best, median } of statistics) {
    console.log(`${name.padEnd(width)} best ${best.toFixed(1)} img/s, median ${median.toFixed(1)} img/s`)
  }
  console.log(`${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)}`)
  return statistics
}
