// A training that is killed (SIGKILL) again and again and resumed each time ends as one that was never disturbed: the same weights,
// byte for byte, and the same metrics apart from the clock. Half of the kills come at random moments, half within the write of a
// checkpoint; the moments follow from a seed. `node tools/verify.mjs kill <seed>` chooses another one.
import { deepStrictEqual } from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { completeCli, metricsOf, startCli } from '../training-run.mjs'

const kills = 24
/** Milliseconds after the start of a process within which a random kill comes. */
const span = 2500

/** Two epochs of thirty steps on the smallest input, with a checkpoint after every third step. */
const training = (run) => [
  ...['train', 'nin', '--engine', 'onnx', '--input', '67x67x1', '--limit', '120', '--batch-size', '4', '--epochs', '2'],
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
  const mine = (name) => name.endsWith(`.${child.pid}.tmp`)
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

export async function run() {
  const seed = Number(process.argv[3] ?? 1)
  const random = randomNumbers(seed)
  const place = mkdtempSync(join(tmpdir(), 'convzoo-kill-'))
  try {
    const whole = join(place, 'whole')
    await completeCli(training(whole))
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
