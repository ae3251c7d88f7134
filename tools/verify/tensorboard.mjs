// The event files of a run as PyPI's TensorBoard reads them: of a run that is killed (SIGKILL), whose last record is cut off, and that is
// resumed. Each number beside metrics.jsonl, histograms, images that decode, the graph, settings; then by TensorBoard's server, as a
// browser asks for them.
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { builtCli } from '../build.mjs'
import { completed } from '../completed.mjs'
import { photographs, smallTraining } from '../hostile/tiny-run.mjs'
import { ended, missingPython, pythonWith } from '../python-environment.mjs'

const needed = ['tensorboard==2.21.0', 'pillow']
const script = fileURLToPath(new URL('../../bench/reference/tensorboard_events.py', import.meta.url))

/** Epochs of two steps each. */
const epochs = 3
/** The step at which it is killed, in the second epoch. */
const killedAt = 3
/** Milliseconds for a server to start. */
const patience = 120_000

export const missing = () => missingPython(['tensorboard', 'PIL'])

function require(holds, what) {
  if (!holds) throw new Error(what)
}

const same = (found, wanted, what) =>
  require(JSON.stringify(found) ===
    JSON.stringify(wanted), `${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)

const recordsOf = (run) =>
  readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line))

/** Starts a training and kills it in the midst of an epoch. */
async function killed(run, parameters, folder) {
  const child = spawn(process.execPath, [builtCli(), ...parameters], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const over = new Promise((resolve) => child.on('close', resolve))
  const isThere = () =>
    existsSync(join(run, 'metrics.jsonl')) && recordsOf(run).filter(({ type }) => type === 'step').length >= killedAt
  while (child.exitCode === null && !isThere()) await sleep(20)
  child.kill('SIGKILL')
  await over
  require(recordsOf(run).every(
    ({ type }) => type !== 'test' && type !== 'validation',
  ), 'it was over before it was killed')
}

/** The curves that metrics.jsonl has, in single precision. */
function curvesOf(run) {
  const curves = {}
  let done = 0
  const add = (tag, value) => {
    curves[tag] = [...(curves[tag] ?? []), [done, Math.fround(value)]]
  }
  const addScore = (split, { samples: _, metrics = {}, ...score }) => {
    for (const [name, value] of Object.entries({ ...score, ...metrics }))
      if (typeof value === 'number') add(`${name}/${split}`, value)
  }
  for (const { type, epoch: _, samples: __, ...record } of recordsOf(run)) {
    if (type === 'step') {
      const { step, ...numbers } = record
      done = step + 1
      for (const [name, value] of Object.entries(numbers)) add(`step/${name}`, value)
    } else if (type === 'epoch') {
      addScore('training', record.training)
      addScore('validation', record.validation)
      add('epoch/seconds', record.seconds)
    }
  }
  return curves
}

function requireScalars(found, run) {
  const wanted = curvesOf(run)
  same(Object.keys(found).sort(), Object.keys(wanted).sort(), 'the tags')
  for (const [tag, curve] of Object.entries(wanted)) same(found[tag], curve, tag)
  const points = Object.values(wanted).flat().length
  console.log(`${Object.keys(wanted).length} curves of ${points} points are those of metrics.jsonl`)
}

function requireHistograms(found) {
  const tags = Object.keys(found)
  for (const kind of ['weights', 'updates', 'gradients', 'optimizer']) {
    require(tags.some((tag) => tag.startsWith(`${kind}/conv2d/kernel`)), `there is no histogram of ${kind}`)
  }
  same(
    found['weights/conv2d/kernel'].map(({ step }) => step),
    [0, 2, 4, 6],
    'steps of a histogram',
  )
  for (const [tag, all] of Object.entries(found)) {
    for (const { count, inBuckets, min, max, limits } of all) {
      require(count > 0 && count === inBuckets && limits.at(-1) === max && min <= max, `${tag} does not add up`)
    }
  }
  same(found['weights/conv2d/kernel'][0].count, 11 * 11 * 3 * 96, 'weights of the first layer')
  console.log(`${tags.length} histograms add up`)
}

function requireImages(found, texts) {
  for (const [tag, all] of Object.entries(found)) {
    for (const { said, images } of all) {
      require(images.length > 0, `${tag} has no image`)
      for (const { size, colours } of images) {
        same(size, said, `the size of ${tag}`)
        require(colours > 2, `${tag} shows nothing`)
      }
    }
  }
  require('filters/conv2d/kernel' in found && 'mistakes/images' in found, 'there are no filters or no mistakes')
  const [last] = found['mistakes/images'].slice(-1)
  const rows = texts['mistakes/list'].at(-1).split('\n').length - 2
  same(rows, last.images.length, 'rows of the list of mistakes')
  console.log(`${Object.keys(found).join(' and ')} decode`)
}

function requireGraph(nodes) {
  const names = new Set(nodes.map(({ name }) => name))
  same(nodes[0], { name: 'input_1', op: 'InputLayer', inputs: [], shape: [-1, 67, 67, 3] }, 'the first node')
  require(nodes.every(({ inputs }) => inputs.every((input) => names.has(input))), 'an input of a node is none')
  require(nodes.filter(({ op }) => op === 'Conv2D').length === 6, 'there are not six convolutions')
  console.log(`a graph of ${nodes.length} nodes`)
}

function requireSettings(hparams, run) {
  const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
  same(hparams['optimizer.learningRate'], config.optimizer.learningRate, 'the learning rate')
  same(
    [hparams['network.id'], hparams['training.batchSize']],
    [config.network.id, config.training.batchSize],
    'settings',
  )
  require(!Object.keys(hparams).some((name) => name.startsWith('made')), 'what was made is no setting')
  console.log(`${Object.keys(hparams).length} settings`)
}

/** TensorBoard's server, with what a browser asks it for. */
async function requireServed(python, folder, result) {
  const child = spawn(python, ['-m', 'tensorboard.main', '--logdir', folder, '--host', '127.0.0.1', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part))
    const began = performance.now()
    while (!/http:\S+/.test(said)) {
      require(child.exitCode === null && performance.now() - began < patience, `TensorBoard does not start: ${said}`)
      await sleep(200)
    }
    const [address] = /http:\S+/.exec(said)
    const asked = async (path, options) => (await fetch(new URL(`data/plugin/${path}`, address), options)).json()
    const run = encodeURIComponent('run/tensorboard')
    // It reads in the background.
    while (!('run/tensorboard' in (await asked('scalars/tags')))) {
      require(performance.now() - began < patience, 'TensorBoard does not read the run')
      await sleep(200)
    }
    await sleep(1000)
    const losses = await asked(`scalars/scalars?run=${run}&tag=step/loss`)
    same(
      losses.map(([, step, value]) => [step, value]),
      result.scalars['step/loss'],
      'step/loss, as it is served',
    )
    const [picture] = await asked(`images/images?run=${run}&tag=filters/conv2d/kernel&sample=0`)
    const shown = await fetch(new URL(`data/plugin/images/individualImage?${picture.query}`, address))
    same(shown.headers.get('content-type'), 'image/png', 'the type of a picture')
    const graph = await (await fetch(new URL(`data/plugin/graphs/graph?run=${run}`, address))).text()
    same(graph.match(/^node \{/gm).length, result.graph.length, 'nodes, as they are served')
    const body = JSON.stringify({
      experimentName: '',
      startIndex: 0,
      sliceSize: 10,
      allowedStatuses: ['STATUS_SUCCESS'],
    })
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
    const { sessionGroups } = await asked('hparams/session_groups', post)
    same(
      sessionGroups.map(({ name }) => name),
      ['run/tensorboard'],
      'sessions that are over',
    )
    const { category } = await asked('custom_scalars/layout')
    same(
      category[0].chart.map(({ title }) => title),
      result.layout.map(({ title }) => title),
      'custom charts',
    )
    const histograms = await asked(`histograms/histograms?run=${run}&tag=weights/conv2d/kernel`)
    same(
      histograms.map(([, step]) => step),
      [0, 2, 4, 6],
      'histograms, as they are served',
    )
    console.log(
      "TensorBoard's server shows scalars, custom charts, images, histograms, the graph and the table of settings",
    )
  } finally {
    child.kill()
  }
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-verify-tensorboard-'))
  try {
    const python = pythonWith(needed, join(folder, 'venv'))
    const read = () => JSON.parse(ended(python, script, join(trained, 'tensorboard')))
    const data = await photographs(join(folder, 'fruit'))
    const runs = join(folder, 'runs')
    const trained = join(runs, 'run')
    const parameters = [...smallTraining(data, trained, epochs), '--tensorboard']
    await killed(trained, parameters, folder)
    const [first] = readdirSync(join(trained, 'tensorboard'))
    const path = join(trained, 'tensorboard', first)
    // What was begun and not ended: a part of a record.
    appendFileSync(path, readFileSync(path).subarray(0, 20))
    const half = read()
    require(half.scalars['step/loss'].length >= killedAt - 1 &&
      half.status === null, 'a file that is cut off is not read')
    console.log(`a run that was killed: ${half.scalars['step/loss'].length} steps can be read`)
    completed(process.execPath, [builtCli(), 'train', '--resume', trained], { cwd: folder })
    same(readdirSync(join(trained, 'tensorboard')).length, 2, 'event files')
    const whole = read()
    requireScalars(whole.scalars, trained)
    requireHistograms(whole.histograms)
    requireImages(whole.images, whole.texts)
    requireGraph(whole.graph)
    requireSettings(whole.hparams, trained)
    same(whole.status, 'STATUS_SUCCESS', 'how it ended')
    await requireServed(python, runs, whole)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
  }
}
