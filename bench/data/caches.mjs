// A second epoch from each cache of decoded photographs, in turn: images a second of CPU time and of the clock, medians of the rounds.
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, median } from './compare.mjs'

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    images: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '5' },
  },
})
const loader = join(dirname(fileURLToPath(import.meta.url)), 'loader.mjs')
const place = mkdtempSync(join(tmpdir(), 'convzoo-caches-'))
process.env.CONVZOO_CACHE = place
try {
  const results = {}
  for (const [mode, more] of [
    ['one size', []],
    ['a size a sample', ['--resize-anew']],
  ]) {
    const runs = { none: [], memory: [], disk: [] }
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [cache, measured] of Object.entries(runs)) {
        const parameters = ['--folder', values.folder, '--images', values.images, '--cache', cache, ...more]
        measured.push(measure(process.execPath, [loader, ...parameters]))
      }
    }
    results[mode] = Object.fromEntries(
      Object.entries(runs).map(([cache, measured]) => [
        cache,
        {
          cpu: median(measured.map(({ images, cpu }) => images / cpu)),
          clock: median(measured.map(({ images, seconds }) => images / seconds)),
          megabytes: median(measured.map(({ megabytes }) => megabytes)),
        },
      ]),
    )
  }
  const machine = `${cpus().length} cores ${cpus()[0].model.trim()}`
  const date = new Date().toISOString().slice(0, 10)
  console.log(JSON.stringify({ date, machine, node: process.version, results }, null, 2))
} finally {
  rmSync(place, { recursive: true, force: true })
}
