// Both loaders on the same photographs, in turn: best and median of the rounds, as a table. `pnpm bench:data -- --folder …`
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = dirname(fileURLToPath(import.meta.url))

/** Runs one loader once. */
export function measure(program, parameters) {
  const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

/** Images a second of CPU, the ratio of the medians to the better of theirs, memory, and how long a consumer at 80 % of our rate waited. */
export function compare({ folder, python, images, rounds }) {
  const common = ['--folder', folder, '--images', String(images)]
  const results = {}
  for (const mode of ['shrink', 'no-shrink']) {
    const more = mode === 'shrink' ? [] : ['--no-shrink']
    const ours = []
    const theirs = []
    const inProcess = []
    for (let round = 0; round < rounds; round++) {
      ours.push(measure(process.execPath, [join(here, 'loader.mjs'), ...common, ...more, '--consume']))
      theirs.push(measure(python, [join(here, 'loader.py'), ...common, ...more]))
      inProcess.push(measure(python, [join(here, 'loader.py'), ...common, ...more, '--workers', '0']))
    }
    const row = (runs) => {
      const rates = runs.map((run) => run.images / run.cpu)
      return { best: Math.max(...rates), median: median(rates), megabytes: median(runs.map((run) => run.megabytes)) }
    }
    const [own, worker, alone] = [ours, theirs, inProcess].map(row)
    results[mode] = {
      convzoo: own,
      'DataLoader, 1 worker': worker,
      'DataLoader, no worker': alone,
      ratio: own.median / Math.max(worker.median, alone.median),
      waitedPart: median(ours.map((run) => run.waitedPart)),
    }
  }
  return results
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      python: { type: 'string', default: 'python3' },
      images: { type: 'string', default: '600' },
      rounds: { type: 'string', default: '5' },
      output: { type: 'string' },
    },
  })
  const { folder, python } = values
  const results = compare({ folder, python, images: Number(values.images), rounds: Number(values.rounds) })
  const machine = `${cpus().length} cores ${cpus()[0].model.trim()}`
  const text = `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), machine, node: process.version, results }, null, 2)}\n`
  if (values.output !== undefined) writeFileSync(values.output, text)
  process.stdout.write(text)
}
