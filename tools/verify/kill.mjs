// Trainings (../kill/trainings.mjs) that are killed (SIGKILL) again and again and resumed each time end as those that were never disturbed: the
// same weights, byte for byte, and the same metrics apart from the clock. Two of three kills come within the write of a checkpoint, the others
// at random moments; the moments follow from a seed. `node tools/verify.mjs kill <seed>` chooses another one. A newest checkpoint that is damaged
// is passed over, and a stream of random numbers that is off by one is told from what it should be. Then one Ctrl-C on a terminal, through
// whatever a user starts the command line with, and others that end a process in order: each leaves a checkpoint of the last step.
import { deepStrictEqual } from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { builtCli } from '../build.mjs'
import { trainings } from '../kill/trainings.mjs'
import { controlC, noTerminal, startOnTerminal } from '../pseudo-terminal.mjs'
import { completeCli, metricsOf, startCli } from '../training-run.mjs'

/** How many there are in all at least, and how many of them leave a checkpoint that was begun. */
const kills = 200
const tornKills = 50
/** Milliseconds after the start of a process within which a random kill comes, and those in which one within a write does. */
const span = 2500
const writing = 8

/** What is ended in order: two epochs of thirty steps, with a checkpoint after every third step. */
const steady = (run) => [
  ...['train', 'nin', '--data', 'mnist', '--engine', 'onnx', '--input', '67x67x1', '--limit', '120'],
  ...['--batch-size', '4', '--epochs', '2', '--test-limit', '20', '--checkpoint-every', '3', '--run', run],
]

/** Nothing but the command line is needed. */
export function missing() {
  return undefined
}

/** Numbers in [0, 1): Park and Miller's generator. */
function randomNumbers(seed) {
  let state = (seed % 2147483646) + 1
  return () => {
    state = (state * 48271) % 2147483647
    return (state - 1) / 2147483646
  }
}

/** Whether a process has a write of a checkpoint begun and not ended. */
const isWriting = ({ pid }, folder) =>
  existsSync(folder) && readdirSync(folder).some((name) => name.includes(`.${pid}-`) && name.endsWith('.tmp'))

/** Waits for a write of a checkpoint that this process began, and then for a part of the time that one takes. */
async function withinWrite(child, folder, part) {
  while (child.exitCode === null && !isWriting(child, folder)) await sleep(1)
  await sleep(part * writing)
}

const lasting = async (run) => (await metricsOf(run)).map(({ seconds, waited, ...rest }) => rest)

async function requireSame(run, whole) {
  for (const file of ['weights.safetensors', 'confusion.json', 'curves.svg', 'confusion.svg']) {
    const same = readFileSync(join(run, file)).equals(readFileSync(join(whole, file)))
    if (!same) throw new Error(`${file} differs from that of the run that was never killed.`)
  }
  deepStrictEqual(await lasting(run), await lasting(whole))
}

/** A project that has the command line, as npm installs it and by a script of its own. */
function makeProject(place) {
  const project = join(place, 'project')
  mkdirSync(join(project, 'node_modules/.bin'), { recursive: true })
  symlinkSync(builtCli(), join(project, 'node_modules/.bin/convzoo'))
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, scripts: { convzoo: 'convzoo' } }))
  return project
}

/** How users start the command line: the command, and where. */
function startsIn(project) {
  const pnpm = ['npx', '--yes', 'pnpm@10.34.9']
  const root = fileURLToPath(new URL('../..', import.meta.url))
  return [
    [[process.execPath, builtCli()], project],
    [['npx', 'convzoo'], project],
    [['npm', 'exec', '--', 'convzoo'], project],
    [['npm', 'run', 'convzoo', '--'], project],
    [[...pnpm, 'convzoo'], root],
    [[...pnpm, 'exec', 'convzoo'], project],
    [[...pnpm, 'run', 'convzoo'], project],
  ]
}

/** Waits until a run has made some steps. */
async function steps(run, isRunning) {
  const metrics = join(run, 'metrics.jsonl')
  while (isRunning() && !(existsSync(metrics) && readFileSync(metrics, 'utf8').split('\n').length > 4)) await sleep(5)
}

/** What was ended in order has no lock, a checkpoint of its last step, and goes on to what it would have become. */
async function requireWhole(how, run, whole) {
  while (existsSync(join(run, 'lock'))) await sleep(20)
  const made = (await metricsOf(run)).filter(({ type }) => type === 'step').length
  const name = `step-${String(made).padStart(8, '0')}.safetensors`
  if (made === 60 || !existsSync(join(run, 'checkpoints', name)))
    throw new Error(`${how}: no checkpoint of step ${made}.`)
  await completeCli(['train', '--resume', run])
  await requireSame(run, whole)
  console.log(`${how}: stopped after step ${made}, resumed, the same weights`)
}

async function endInOrder(place, whole) {
  const project = makeProject(place)
  let count = 0
  const newRun = () => join(place, `ended-${count++}`)
  if (noTerminal === undefined) {
    for (const [command, cwd] of startsIn(project)) {
      const run = newRun()
      const terminal = startOnTerminal([...command, ...steady(run)], { cwd })
      await steps(run, terminal.isRunning)
      terminal.press(controlC)
      await terminal.ended
      await requireWhole(`Ctrl-C, ${command.join(' ')}`, run, whole)
    }
  } else {
    console.log(`Ctrl-C on a terminal: SKIPPED: ${noTerminal}`)
  }
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
  for (const [signal, expected] of Object.entries(codes)) {
    const run = newRun()
    const { child, ended } = startCli(steady(run))
    await steps(run, () => child.exitCode === null)
    child.kill(signal)
    const { code } = await ended
    if (code !== expected) throw new Error(`${signal} ended with ${code}, not ${expected}.`)
    await requireWhole(`${signal}, exit code ${code}`, run, whole)
  }
  if (spawnSync('timeout', ['--version']).status !== 0) return console.log('timeout: SKIPPED: it is not here')
  const run = newRun()
  // It hands its signal to the process and to the whole group, which is therefore its own.
  const timeout = spawn('timeout', ['600', process.execPath, builtCli(), ...steady(run)], {
    detached: true,
    stdio: 'ignore',
  })
  await steps(run, () => timeout.exitCode === null)
  timeout.kill('SIGTERM')
  await requireWhole('SIGTERM, timeout', run, whole)
}

/** Starts a training, or goes on with it, and kills it: whether it ended before that, and whether it left a checkpoint that was begun. */
async function killOnce({ parameters, run, within, random }) {
  const checkpoints = join(run, 'checkpoints')
  const resumed = existsSync(join(run, 'config.json'))
  const { child, ended } = startCli(resumed ? ['train', '--resume', run] : [...parameters, '--run', run])
  if (within) await withinWrite(child, checkpoints, random())
  else await Promise.race([sleep(random() * span), ended])
  child.kill('SIGKILL')
  const { code, signal, stderr } = await ended
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`It ended with ${code ?? signal}:\n${stderr}`)
  return { finished: signal !== 'SIGKILL', torn: isWriting(child, checkpoints) }
}

/** Kills a training until it was killed often enough, from its start again where it ended before that. */
async function killed({ name, parameters }, { place, whole, random, wanted }) {
  const counts = { kills: 0, torn: 0, passes: 0 }
  const run = join(place, 'killed')
  for (let round = 0; counts.kills < wanted.kills || counts.torn < wanted.torn; round++) {
    if (round > 4 * wanted.kills) throw new Error(`${name}: ${round} rounds, of which ${counts.torn} within a write.`)
    const { finished, torn } = await killOnce({ parameters, run, within: round % 3 > 0, random })
    if (!finished) counts.kills++
    if (!finished && torn) counts.torn++
    if (finished) {
      await requireSame(run, whole)
      counts.passes++
      rmSync(run, { recursive: true })
    }
  }
  if (existsSync(join(run, 'config.json'))) {
    await completeCli(['train', '--resume', run])
    await requireSame(run, whole)
    counts.passes++
  }
  rmSync(run, { recursive: true, force: true })
  console.log(
    `${name}: killed ${counts.kills} times, ${counts.torn} of them within the write of a checkpoint; ended ${counts.passes} times, the same to the byte`,
  )
  return counts
}

const newestIn = (run) => {
  const names = readdirSync(join(run, 'checkpoints')).filter((name) => /^step-\d+\.safetensors$/.test(name))
  return join(run, 'checkpoints', names.sort().at(-1))
}

/** Killed once after some steps, when it has two checkpoints. */
async function begun({ parameters }, run) {
  const { child, ended } = startCli([...parameters, '--run', run])
  await steps(run, () => child.exitCode === null)
  while (child.exitCode === null && readdirSync(join(run, 'checkpoints')).filter(isWhole).length < 2) await sleep(2)
  child.kill('SIGKILL')
  await ended
}

const isWhole = (name) => name.endsWith('.safetensors')

/** A newest checkpoint that is cut off is passed over for the one before. */
async function passOver(training, whole, run) {
  await begun(training, run)
  const newest = newestIn(run)
  truncateSync(newest, Math.floor(statSync(newest).size / 2))
  await completeCli(['train', '--resume', run])
  await requireSame(run, whole)
  console.log('a newest checkpoint that is cut off: passed over, the same weights')
}

/** A checkpoint says of which seed it is, in its header; a run of another refuses it. */
function reseed(path) {
  const bytes = readFileSync(path)
  const [from, to] = [1, 2].map((seed) => Buffer.from(String.raw`\"seed\":\"${seed}\"`))
  const place = bytes.indexOf(from)
  if (place < 0) throw new Error(`${path} does not say its seed.`)
  bytes.set(to, place)
  writeFileSync(path, bytes)
}

/** That what is compared would differ: with the seed of all streams off by one. */
async function tellShift(training, whole, run) {
  await begun(training, run)
  const shifted = `${run}-shifted`
  cpSync(run, shifted, { recursive: true })
  rmSync(join(shifted, 'lock'), { force: true })
  const path = join(shifted, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8'))
  config.training.seed = 2
  writeFileSync(path, JSON.stringify(config))
  for (const name of readdirSync(join(shifted, 'checkpoints')).filter(isWhole)) {
    reseed(join(shifted, 'checkpoints', name))
  }
  await completeCli(['train', '--resume', shifted])
  const told = await requireSame(shifted, whole).then(
    () => false,
    () => true,
  )
  if (!told) throw new Error('A run whose streams are off by one is not told from the one that was never killed.')
  console.log('streams off by one: told from what they should be')
}

export async function run() {
  const seed = Number(process.argv[3] ?? 1)
  const random = randomNumbers(seed)
  const place = mkdtempSync(join(tmpdir(), 'convzoo-kill-'))
  try {
    const all = await trainings(place)
    const wanted = { kills: Math.ceil(kills / all.length), torn: Math.ceil(tornKills / all.length) }
    const totals = { kills: 0, torn: 0 }
    for (const [index, training] of all.entries()) {
      const whole = join(place, 'whole')
      await completeCli([...training.parameters, '--run', whole])
      const counts = await killed(training, { place, whole, random, wanted })
      totals.kills += counts.kills
      totals.torn += counts.torn
      if (index === 0) {
        await passOver(training, whole, join(place, 'cut-off'))
        await tellShift(training, whole, join(place, 'off'))
      }
      rmSync(whole, { recursive: true })
    }
    console.log(`seed ${seed}: killed ${totals.kills} times, ${totals.torn} of them within the write of a checkpoint`)
    if (process.platform === 'win32') console.log('signals: SKIPPED: Windows has none to send')
    else {
      const whole = join(place, 'whole')
      await completeCli(steady(whole))
      await endInOrder(place, whole)
    }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
