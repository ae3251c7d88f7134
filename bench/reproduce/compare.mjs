// `pnpm reproduce`: trains a network of examples/ to an accuracy that is known for a data set, with several seeds, and writes down what came of
// each. 5,000 of the training images are held out and watched; the last weights are tested, once.
//
//   pnpm reproduce mnist [--seeds 1,2,3] [--threads 2]
//   pnpm reproduce fashion-mnist [--data <folder>]
//
// `--data` is where the files are, if not where they are looked for. `--short` takes few images and writes nothing down.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { builtCli } from '../../tools/build.mjs'
import { linkPackages } from '../../tools/link-packages.mjs'
import { metricsOf } from '../../tools/training-run.mjs'

/** What every training has in common. */
const common = ['--validation-split', '0.08333', '--label-smoothing', '0.1', '--weight-decay', '5e-4']

/** How each is trained; what the tag says of itself besides is its recipe. */
const jobs = {
  mnist: { tag: 'resnet9.width-16', wanted: 99.4, more: ['--epochs', '10', '--augment', 'randomCrop:padding=2'] },
  'fashion-mnist': {
    tag: 'resnet9.width-24',
    wanted: 93,
    more: ['--epochs', '8', '--augment', 'randomCrop:padding=2,horizontalFlip'],
  },
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    threads: { type: 'string', default: String(cpus().length) },
    short: { type: 'boolean', default: false },
  },
})
const [name] = positionals
const job = Object.hasOwn(jobs, name ?? '') ? jobs[name] : undefined
if (job === undefined || positionals.length !== 1) {
  console.error(`There is nothing to reproduce by the name of ${name}: it is ${Object.keys(jobs).join(' or ')}.`)
  process.exit(2)
}

const root = join(import.meta.dirname, '../..')
const project = join(root, 'node_modules/.cache/convzoo/reproduce')
const cli = builtCli()

/** The project of the network: its package, built, as whoever has it installed has it. */
function prepare() {
  rmSync(join(project, 'node_modules'), { recursive: true, force: true })
  cpSync(join(root, 'examples/resnet9'), project, { recursive: true })
  linkPackages(project)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/tsup/dist/cli-default.js'], {
    cwd: project,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The network cannot be built:\n${stdout}${stderr}`)
}

/** Trains once; what it says is shown as it comes. */
function trained(run, seed) {
  const size = values.short ? ['--limit', '600', '--test-limit', '200', '--epochs', '1'] : []
  const parameters = [
    ...['train', job.tag, '--data', values.data ?? name, ...common, ...job.more, ...size],
    ...['--engine', 'onnx', '--device', 'cpu', '--threads', values.threads, '--seed', String(seed), '--run', run],
  ]
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...parameters], { cwd: project, stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (code) => {
      const seconds = Math.round((performance.now() - began) / 1000)
      if (code === 0) resolve({ seconds, command: `convzoo ${parameters.slice(0, -2).join(' ')}` })
      else reject(new Error(`Seed ${seed}: the training ended with ${code}.`))
    })
  })
}

/** What was measured before of this and of others, by what it is. */
const kept = new URL('results.json', import.meta.url)
const results = new Map(
  (existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : []).map((each) => [`${each.of} ${each.seed}`, each]),
)

prepare()
for (const seed of values.seeds.split(',').map(Number)) {
  const run = join(project, 'runs', `${name}-${seed}`)
  rmSync(run, { recursive: true, force: true })
  const { seconds, command } = await trained(run, seed)
  const { top1 } = (await metricsOf(run)).find(({ type }) => type === 'test')
  const accuracy = Math.round(top1 * 1e4) / 100
  console.log(`${name}, seed ${seed}: ${accuracy.toFixed(2)} % (wanted: ${job.wanted} %), ${seconds} s`)
  if (values.short) continue
  const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${platform()} ${arch()}`
  const date = new Date().toISOString().slice(0, 10)
  results.set(`${name} ${seed}`, { of: name, seed, accuracy, wanted: job.wanted, seconds, command, date, machine })
  writeFileSync(kept, `${JSON.stringify([...results.values()], undefined, 2)}\n`)
  const logs = join(import.meta.dirname, 'logs')
  mkdirSync(logs, { recursive: true })
  writeFileSync(join(logs, `${name}-${seed}.jsonl.gz`), gzipSync(readFileSync(join(run, 'metrics.jsonl'))))
}
