// `pnpm reproduce`: trains a network of examples/ to an accuracy that is known for a data set, with several seeds, and writes down what came of
// each. 5,000 of the training images are held out and watched; the last weights are tested, once.
//
//   pnpm reproduce mnist [--seeds 1,2,3] [--threads 2]
//   pnpm reproduce fashion-mnist [--data <folder>]
//   pnpm reproduce photos --data <folder>
//
// `--data` is where the files are, if not where they are looked for; photos are those of bench/photographs.py: NIN learns those of `before`, and then, from
// its weights and from nothing, those of `after`, few epochs each. `--short` takes few images and writes nothing down.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { builtCli } from '../../tools/build.mjs'
import { linkPackages } from '../../tools/link-packages.mjs'
import { metricsOf } from '../../tools/training-run.mjs'

/** What every training of a narrow ResNet-9 has in common. */
const common = [
  ...['--validation-split', '0.08333', '--label-smoothing', '0.1', '--weight-decay', '5e-4'],
  ...['--engine', 'onnx', '--device', 'cpu'],
]

/** What every training on photographs has in common. */
const photographs = [
  ...['nin', '--input', '67x67x3', '--cache', 'memory', '--batch-size', '32', '--engine', 'onnx', '--device', 'cpu'],
  ...['--optimizer', 'adamW', '--learning-rate', '3e-4', '--clip-norm', '1', '--schedule', 'cosine', '--warm-up', '10'],
]

/** How each is trained; what the tag says of itself besides is its recipe. */
const jobs = {
  mnist: {
    wanted: 99.4,
    reproduce: (seed) =>
      whole(seed, ['resnet9.width-16', ...common, '--epochs', '10', '--augment', 'randomCrop:padding=2']),
  },
  'fashion-mnist': {
    wanted: 93,
    reproduce: (seed) =>
      whole(seed, ['resnet9.width-24', ...common, '--epochs', '8', '--augment', 'randomCrop:padding=2,horizontalFlip']),
  },
  photos: { wanted: 'more than from nothing', reproduce: transferred },
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

/** Where the files are, from wherever a training runs; a name stays one. */
const data = values.data !== undefined && existsSync(values.data) ? resolve(values.data) : values.data

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

/** A parameter as anyone may give it: where the files are on this machine is nobody's concern. */
const told = (parameter) =>
  data !== undefined && parameter.startsWith(data) ? `${name}${parameter.slice(data.length)}` : parameter

/** Trains once; what it says is shown as it comes. Gives the accuracy of the last weights on the test images, and what it took. */
async function trained(place, seed, parameters) {
  const run = join(project, place)
  rmSync(run, { recursive: true, force: true })
  const all = ['train', ...parameters, '--threads', values.threads, '--seed', String(seed), '--run', place]
  const began = performance.now()
  await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...all], { cwd: project, stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`Seed ${seed}: the training ended with ${code}.`)),
    )
  })
  const { top1 } = (await metricsOf(run)).find(({ type }) => type === 'test')
  return {
    accuracy: Math.round(top1 * 1e4) / 100,
    seconds: Math.round((performance.now() - began) / 1000),
    command: `convzoo ${all.slice(0, -2).map(told).join(' ')}`,
    logs: [[basename(place), run]],
  }
}

/** Where a run is in the project. */
const runOf = (of, seed) => `runs/${of}-${seed}`

/** A network that learns all there is. */
const whole = (seed, [tag, ...parameters]) =>
  trained(runOf(name, seed), seed, [
    ...[tag, '--data', data ?? name, ...parameters],
    ...(values.short ? ['--limit', '600', '--test-limit', '200', '--epochs', '1'] : []),
  ])

/** A network that learns a few photographs after others, and one that learns them from nothing. */
async function transferred(seed) {
  if (data === undefined) {
    console.error(
      'Say where the photographs are: pnpm reproduce photos --data <folder>; bench/photographs.py makes one.',
    )
    process.exit(2)
  }
  const of = (part, epochs) => [...photographs, '--data', join(data, part), '--epochs', values.short ? '1' : epochs]
  const first = await trained(runOf('photos-before', seed), seed, of('before', '12'))
  const nothing = await trained(runOf('photos-from-nothing', seed), seed, of('after', '4'))
  const from = ['--weights', runOf('photos-before', seed), '--head', 'new']
  const found = await trained(runOf('photos', seed), seed, [...of('after', '4'), ...from])
  return {
    ...found,
    before: first.accuracy,
    fromNothing: nothing.accuracy,
    seconds: first.seconds + nothing.seconds + found.seconds,
    logs: [first, nothing, found].flatMap(({ logs }) => logs),
  }
}

/** What was measured before of this and of others, by what it is. */
const kept = new URL('results.json', import.meta.url)
const results = new Map(
  (existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : []).map((each) => [`${each.of} ${each.seed}`, each]),
)

prepare()
for (const seed of values.seeds.split(',').map(Number)) {
  const { logs, ...found } = await job.reproduce(seed)
  const { accuracy, seconds, fromNothing } = found
  const wanted = typeof job.wanted === 'number' ? `${job.wanted} %` : job.wanted
  const beside = fromNothing === undefined ? '' : `, from nothing ${fromNothing.toFixed(2)} %`
  console.log(`${name}, seed ${seed}: ${accuracy.toFixed(2)} %${beside} (wanted: ${wanted}), ${seconds} s`)
  if (values.short) continue
  const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${platform()} ${arch()}`
  const date = new Date().toISOString().slice(0, 10)
  results.set(`${name} ${seed}`, { of: name, seed, wanted: job.wanted, ...found, date, machine })
  writeFileSync(kept, `${JSON.stringify([...results.values()], undefined, 2)}\n`)
  const folder = join(import.meta.dirname, 'logs')
  mkdirSync(folder, { recursive: true })
  for (const [log, run] of logs)
    writeFileSync(join(folder, `${log}.jsonl.gz`), gzipSync(readFileSync(join(run, 'metrics.jsonl'))))
}
