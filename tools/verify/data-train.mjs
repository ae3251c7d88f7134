// AlexNet and NIN train, are evaluated and predict by the command line on photographs: from a folder, from the same images as a tar
// shard over http, and from CIFAR-10's binary files. The folder and the shard give the same weights, and so does a training from the
// folder that is interrupted and resumed. The photographs are crops of Debian's wallpapers: their accuracy says nothing.
import { deepStrictEqual } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { missingDebian, unpackDebian } from '../debian-packages.mjs'
import { completeCli, metricsOf, startCli } from '../training-run.mjs'

const dataPackage = createRequire(new URL('../../packages/data/package.json', import.meta.url))
const sharp = dataPackage('sharp')
const tar = dataPackage('tar-stream')

const networks = ['nin', 'alexnet']
const images = 48

export const missing = missingDebian

/** Crops of wallpapers, a folder a wallpaper. */
function makePhotographs(place) {
  const root = unpackDebian(['lomiri-wallpapers-16.04'], place)
  const script = fileURLToPath(new URL('../../bench/data/photographs.mjs', import.meta.url))
  const output = join(place, 'crops')
  const made = spawnSync(process.execPath, [script, '--from', root, '--output', output, '--count', String(images)])
  if (made.status !== 0) throw new Error(String(made.stderr))
  return join(output, 'train')
}

/** The paths of a folder's photographs below it, in a fixed order. */
const namesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.jpg'))
    .sort()

/** One tar archive with the files of a folder, by their paths below it. */
async function makeShard(folder, path) {
  const pack = tar.pack()
  const written = new Promise((resolve, reject) => {
    pack.pipe(createWriteStream(path)).on('finish', resolve).on('error', reject)
  })
  for (const name of namesIn(folder)) pack.entry({ name }, readFileSync(join(folder, name)))
  pack.finalize()
  await written
}

/** Serves one file on this machine. */
async function serve(path) {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-length': statSync(path).size })
    if (request.method === 'HEAD') response.end()
    else createReadStream(path).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** The files of CIFAR-10's binary version: a label and 32 × 32 bytes each of red, green and blue an image. */
async function makeCifar(folder, target) {
  mkdirSync(target, { recursive: true })
  const classes = readdirSync(folder).sort()
  const records = []
  for (const name of namesIn(folder)) {
    const pixels = await sharp(join(folder, name))
      .toColourspace('srgb')
      .resize(32, 32, { fit: 'fill' })
      .raw()
      .toBuffer()
    const channels = pixels.length / 1024
    const planes = [0, 1, 2].flatMap((plane) =>
      Array.from({ length: 1024 }, (_, at) => pixels[at * channels + Math.min(plane, channels - 1)]),
    )
    records.push(Buffer.from([classes.findIndex((each) => name.startsWith(each)) % 10, ...planes]))
  }
  const files = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`).concat('test_batch.bin')
  for (const [index, file] of files.entries()) {
    writeFileSync(join(target, file), Buffer.concat(records.filter((_, at) => at % files.length === index)))
  }
  writeFileSync(
    join(target, 'batches.meta.txt'),
    `${Array.from({ length: 10 }, (_, at) => `class ${at}`).join('\n')}\n`,
  )
}

const training = (id, source, run) => [
  ...[
    'train',
    id,
    ...source,
    '--engine',
    'onnx',
    '--input',
    '67x67x3',
    '--batch-size',
    '8',
    '--learning-rate',
    '0.0003',
  ],
  ...['--optimizer', 'adamw', '--clip-norm', '1', '--epochs', '2', '--augment', 'paper', '--checkpoint-every', '3'],
  ...['--run', run],
]

/** Trains, evaluates, predicts: the losses of its steps. */
async function complete(id, source, run, files) {
  const trained = await completeCli(training(id, source, run))
  const lastLine = (text) => text.trimEnd().split('\n').at(-1)
  const evaluated = await completeCli(['evaluate', run, '--engine', 'onnx'])
  const split = source.includes('cifar10') ? 'test' : 'validation'
  if (!lastLine(trained).startsWith(`${split} accuracy `)) throw new Error(`${run} has no accuracy:\n${trained}`)
  deepStrictEqual(lastLine(evaluated), lastLine(trained))
  const chosen = files.length > 0 ? files : ['--index', '0-2']
  const predictions = JSON.parse(
    await completeCli(['predict', run, ...chosen, '--engine', 'onnx', '--json', '--top', '100']),
  )
  if (predictions.length !== 3) throw new Error(`${run}: ${predictions.length} predictions instead of 3`)
  for (const { top } of predictions) {
    const sum = top.reduce((total, { probability }) => total + probability, 0)
    if (!(Math.abs(sum - 1) < 1e-4)) throw new Error(`${run}: probabilities add up to ${sum}`)
  }
  const losses = (await metricsOf(run)).filter(({ type }) => type === 'step').map(({ loss }) => loss)
  if (losses.length === 0 || !losses.every(Number.isFinite)) throw new Error(`${run}: losses ${losses}`)
  console.log(`${id.padEnd(8)} ${source.join(' ')}: ${losses.length} steps, ${lastLine(trained)}`)
}

function requireSameWeights(run, other) {
  const [weights, others] = [run, other].map((each) => readFileSync(join(each, 'weights.safetensors')))
  if (!weights.equals(others)) throw new Error(`The weights of ${run} are not those of ${other}.`)
}

/** Interrupts a training once it has made some steps, and resumes it. */
async function interruptAndResume(parameters, run) {
  const { child, ended } = startCli(parameters)
  const metrics = join(run, 'metrics.jsonl')
  const lines = () =>
    statSync(metrics, { throwIfNoEntry: false }) ? readFileSync(metrics, 'utf8').split('\n').length : 0
  while (child.exitCode === null && lines() < 5) await sleep(5)
  child.kill('SIGINT')
  const { code, signal, stderr } = await ended
  if (code !== 130) throw new Error(`An interrupted training ended with ${code ?? signal}:\n${stderr}`)
  const steps = (await metricsOf(run)).filter(({ type }) => type === 'step').length
  await completeCli(['train', '--resume', run])
  console.log(`${run.split('/').at(-1)}: interrupted after step ${steps}, resumed`)
}

export async function run() {
  const place = mkdtempSync(join(tmpdir(), 'convzoo-data-train-'))
  process.env.CONVZOO_CACHE = join(place, 'cache')
  let server
  try {
    const photographs = makePhotographs(place)
    const shard = join(place, 'photographs.tar')
    await makeShard(photographs, shard)
    await makeCifar(photographs, join(place, 'cache', 'datasets', 'cifar-10-batches-bin'))
    server = await serve(shard)
    const url = `http://127.0.0.1:${server.address().port}/photographs.tar`
    const files = namesIn(photographs)
      .slice(0, 3)
      .map((name) => join(photographs, name))
    for (const id of networks) {
      const run = (name) => join(place, `${id}-${name}`)
      await complete(id, ['--data', photographs], run('folder'), files)
      await complete(id, ['--data', url], run('shard'), files)
      requireSameWeights(run('shard'), run('folder'))
      await complete(id, ['--data', 'cifar10'], run('cifar'), [])
      await interruptAndResume(training(id, ['--data', photographs], run('resumed')), run('resumed'))
      requireSameWeights(run('resumed'), run('folder'))
      for (const name of ['folder', 'shard', 'cifar', 'resumed']) rmSync(run(name), { recursive: true })
    }
    console.log('the folder, the shard and the resumed training give the same weights, byte for byte')
  } finally {
    server?.close()
    rmSync(place, { recursive: true, force: true })
  }
}
