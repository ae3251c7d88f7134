// What a start from trained weights is worth: how fast a frozen trunk trains beside the whole network, and how well a network does on a few
// photographs that learned others before, beside one that starts from nothing.
//
//   pnpm bench:transfer [--rounds 5] [--steps 4] [--batch-size 32] [--input 227x227x3] [--classes 1000]
//   pnpm bench:transfer --before <folder> --after <folder> [--network nin] [--photographs 67x67x3] [--epochs-before 30] [--epochs-after 10] [--seeds 3]
//
// A folder has photographs in a folder for each class, in `train` and `test` where it says what to test with: bench/photographs.py makes two. Those
// before and those after should have no class in common. In place of the first there may be a run that was trained on them.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compete, contestant, workOf } from '../contest.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { values, work } = workOf({
  before: '',
  after: '',
  network: 'nin',
  photographs: '67x67x3',
  'epochs-before': '30',
  'epochs-after': '10',
  seeds: '3',
  threads: String(cpus().length),
})

if (values.after === '') await speed()
else await accuracy()

/** All but the head is frozen, as by `--freeze . --head new`; then all but the dense layers. */
async function speed() {
  const steps = join(here, '../training/convzoo.mjs')
  const [whole, head, dense] = await compete(
    [
      contestant('whole', process.execPath, [steps, ...work]),
      contestant('head', process.execPath, [steps, ...work, '--freeze', '^(?!dense_2$)']),
      contestant('dense', process.execPath, [steps, ...work, '--freeze', '^conv2d']),
    ],
    values,
  )
  for (const { name, best, median } of [head, dense]) {
    console.log(
      `${name} alone: ${(best / whole.best).toFixed(2)} of the best, ${(median / whole.median).toFixed(2)} of the medians`,
    )
  }
}

async function accuracy() {
  const cli = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url))
  const { bringPlugins, train } = await import(pathToFileURL(createRequire(cli).resolve('@convzoo/run')).href)
  bringPlugins(pathToFileURL(cli).href)
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-transfer-'))
  const { network: id, photographs: input } = values
  const trained = async (name, source, epochs, seed, more = {}) => {
    const config = {
      network: { id, input, ...more },
      data: { source, cache: 'memory' },
      optimizer: { name: 'adamW', learningRate: 3e-4, clipping: { globalNorm: 1 } },
      schedule: { name: 'cosine', warmUp: 10 },
      training: { epochs: Number(epochs), batchSize: 32, seed },
      engine: { name: 'onnx', device: 'cpu', threads: Number(values.threads) },
    }
    const place = join(folder, name)
    const began = performance.now()
    const { score } = await train(config, { folder: place, onWarning: (line) => console.error(line) })
    const seconds = (performance.now() - began) / 1000
    console.log(`${name}: ${(100 * score.top1).toFixed(1)} % of ${score.samples}, ${seconds.toFixed(0)} s`)
    return { place, top1: score.top1 }
  }
  try {
    const isRun = existsSync(join(values.before, 'config.json'))
    const before = isRun ? { place: values.before } : await trained('before', values.before, values['epochs-before'], 1)
    const found = { nothing: [], weights: [], frozen: [] }
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      const after = (name, more) => trained(`${name}-${seed}`, values.after, values['epochs-after'], seed, more)
      found.nothing.push((await after('nothing')).top1)
      found.weights.push((await after('weights', { weights: before.place, head: 'new' })).top1)
      found.frozen.push((await after('frozen', { weights: before.place, head: 'new', freeze: '.' })).top1)
    }
    for (const [name, scores] of Object.entries(found)) {
      const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
      console.log(
        `${name.padEnd(8)} ${(100 * mean).toFixed(1)} % (${scores.map((score) => (100 * score).toFixed(1)).join(', ')})`,
      )
    }
    console.log(`${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
