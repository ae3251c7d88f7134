// A training that is killed (SIGKILL) again and again and resumed each time ends as one that was never disturbed: the same weights,
// byte for byte, and the same metrics apart from the clock. Half of the kills come at random moments, half within the write of a
// checkpoint; the moments follow from a seed. `node tools/verify.mjs kill <seed>` chooses another one. Then one Ctrl-C on a terminal,
// through whatever a user starts the command line with, and others that end a process in order: each leaves a checkpoint of the last step.
import { deepStrictEqual } from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { builtCli } from '../build.mjs'
import { controlC, noTerminal, startOnTerminal } from '../pseudo-terminal.mjs'
import { completeCli, metricsOf, startCli } from '../training-run.mjs'

const kills = 24
/** Milliseconds after the start of a process within which a random kill comes. */
const span = 2500

/** Two epochs of thirty steps on the smallest input, with a checkpoint after every third step. */
const training = (run) => [
  ...[
    'train',
    'nin',
    '--data',
    'mnist',
    '--engine',
    'onnx',
    '--input',
    '67x67x1',
    '--limit',
    '120',
    '--batch-size',
    '4',
    '--epochs',
    '2',
  ],
  ...['--test-limit', '20', '--checkpoint-every', '3', '--run', run],
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

const unfinishedIn = (folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.tmp')) : [])

/** Waits for a write of a checkpoint that this process began, and then for a part of the time that one takes. */
async function withinWrite(child, folder, part) {
  const mine = (name) => name.includes(`.${child.pid}-`) && name.endsWith('.tmp')
  while (child.exitCode === null && !unfinishedIn(folder).some(mine)) await sleep(1)
  await sleep(part * 30)
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
      const terminal = startOnTerminal([...command, ...training(run)], { cwd })
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
    const { child, ended } = startCli(training(run))
    await steps(run, () => child.exitCode === null)
    child.kill(signal)
    const { code } = await ended
    if (code !== expected) throw new Error(`${signal} ended with ${code}, not ${expected}.`)
    await requireWhole(`${signal}, exit code ${code}`, run, whole)
  }
  if (spawnSync('timeout', ['--version']).status !== 0) return console.log('timeout: SKIPPED: it is not here')
  const run = newRun()
  // It hands its signal to the process and to the whole group, which is therefore its own.
  const timeout = spawn('timeout', ['600', process.execPath, builtCli(), ...training(run)], {
    detached: true,
    stdio: 'ignore',
  })
  await steps(run, () => timeout.exitCode === null)
  timeout.kill('SIGTERM')
  await requireWhole('SIGTERM, timeout', run, whole)
}

export async function run() {
  const seed = Number(process.argv[3] ?? 1)
  const random = randomNumbers(seed)
  const place = mkdtempSync(join(tmpdir(), 'convzoo-kill-'))
  try {
    const whole = join(place, 'whole')
    await completeCli(training(whole))
    if (process.platform === 'win32') console.log('signals: SKIPPED: Windows has none to send')
    else await endInOrder(place, whole)
    const killed = join(place, 'killed')
    const checkpoints = join(killed, 'checkpoints')
    const counts = { killed: 0, withinWrite: 0, early: 0 }
    let finished = false
    for (let round = 0; round < kills && !finished; round++) {
      const started = existsSync(join(killed, 'config.json'))
      if (!started) counts.early++
      const { child, ended } = startCli(started ? ['train', '--resume', killed] : training(killed))
      if (round % 2 === 0) await Promise.race([sleep(random() * span), ended])
      else await withinWrite(child, checkpoints, random())
      child.kill('SIGKILL')
      const { code, signal, stderr } = await ended
      if (signal === 'SIGKILL') counts.killed++
      else if (code === 0) finished = true
      else throw new Error(`Round ${round} ended with ${code ?? signal}:\n${stderr}`)
      if (unfinishedIn(checkpoints).length > 0) counts.withinWrite++
    }
    if (!finished) await completeCli(['train', '--resume', killed])
    await requireSame(killed, whole)
    const { withinWrite: torn, early } = counts
    console.log(
      `seed ${seed}: killed ${counts.killed} times, ${torn} of them within the write of a checkpoint, ${early} starts before there was a configuration;`,
    )
    console.log(
      `the same weights, byte for byte, the same pictures and ${(await metricsOf(whole)).length} lines of metrics`,
    )
    if (torn === 0) throw new Error('No kill came within the write of a checkpoint.')
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
