// AlexNet's training and prediction on each device and in PyTorch, in turns, so that a machine whose speed swings treats all alike; while one
// computes, the others wait.
import { fileURLToPath } from 'node:url'
import { withTf32 } from '../../gpu/settings.mjs'
import { startContestant } from './contestant.mjs'
import { sharesOfOurs, sharesOfPytorch } from './shares.mjs'
import { rates } from './statistics.mjs'

const beside = (name) => fileURLToPath(new URL(name, import.meta.url))
/** `train-ahead` gives the device the next batch while it computes, as training with `readEvery` does, where an engine takes it. */
const modes = ['train', 'train-ahead', 'predict']
const takes = ({ target }, { mode }) => mode !== 'train-ahead' || target?.engine === 'tfjs'

/** How much of the time is for starting and warming up, and how much has to be left for shares. */
const [warmUpShare, sharesShare] = [0.55, 0.15]

/** PyTorch's ways. On a processor there is no TF32, and compiling takes a compiler of C++. */
const peersOf = ({ pytorch }) => (pytorch.available ? ['float32', 'tf32', 'channels-last', 'compiled'] : ['float32'])

/** The case that matters most first: it is warm, and measured, where time does not suffice for all. */
function casesOf({ batches, shareBatch }) {
  const sizes = [shareBatch, ...batches.filter((batch) => batch !== shareBatch)]
  return sizes.flatMap((batch) => modes.map((mode) => ({ mode, batch })))
}

/** Starts one, and has it do each case once and once more: shaders are compiled, algorithms found, memory taken. */
async function warmUp(entrant, { allCases, until }) {
  const { contestant, cases } = entrant
  const left = () => Math.max(1, until - performance.now())
  const said = await contestant.ask(undefined, left())
  for (const each of allCases.filter((one) => takes(entrant, one))) {
    if (said === undefined || contestant.failure !== undefined || left() <= 1) return said?.description
    const first = await contestant.ask({ ...each, steps: 2 }, left())
    if (first?.milliseconds === undefined) cases.push({ ...each, error: first?.error ?? contestant.failure })
    else cases.push({ ...each, lastMs: first.milliseconds.at(-1), milliseconds: [] })
  }
  return said?.description
}

/** The most that one may take of the time for warming up, so that one that hangs leaves some to the others. */
const longestShare = 0.4

/** One after another: what looks for the fastest algorithm finds it where nobody else computes. */
async function warmUpAll(entrants, { allCases, until }) {
  const longest = (until - performance.now()) * longestShare
  for (const [index, entrant] of entrants.entries()) {
    const own = index === entrants.length - 1 ? until : Math.min(until, performance.now() + longest)
    entrant.description = await warmUp(entrant, { allCases, until: own })
  }
}

async function takeTurns(entrants, { allCases, rounds, roundMs, until }) {
  for (const { mode, batch } of allCases) {
    for (let round = 0; round < rounds; round++) {
      for (const { contestant, cases } of entrants) {
        const own = cases.find((each) => each.mode === mode && each.batch === batch && each.error === undefined)
        if (own === undefined || performance.now() > until) continue
        const steps = Math.max(2, Math.min(50, Math.round(roundMs / own.lastMs)))
        const answer = await contestant.ask({ mode, batch, steps }, Math.max(1, until - performance.now()))
        if (answer?.milliseconds === undefined) own.error = answer?.error ?? contestant.failure
        else {
          own.milliseconds.push(...answer.milliseconds)
          own.processMiB = answer.processMiB
          own.gpuMiB = answer.gpuMiB
        }
      }
    }
  }
}

async function sharesOf({ contestant, target }, { bench, env, cwd, end }) {
  const about = { bench, mode: 'train', limit: Math.max(1, (end - performance.now()) / 2), env, cwd }
  try {
    return await (target === undefined ? sharesOfPytorch(contestant, about) : sharesOfOurs(target, about))
  } catch (error) {
    return { missing: error.message }
  }
}

/**
 * Runs the bench.
 *
 * @param context `settings` of gpu/settings.mjs, `machine` of gpu/machine.mjs, `python`, `project`, `env`, and `limit` in milliseconds.
 * @returns For each contestant its cases: images a second, milliseconds of a step (best, p50, p90), memory; and the shares of a training step.
 */
export async function benchGpu({ settings, machine, python, project, env, limit }) {
  const { bench } = settings
  const [began, allCases] = [performance.now(), casesOf(bench)]
  const end = began + limit
  const start = (name, program, parameters) => startContestant(name, program, parameters, { cwd: project, env })
  const ours = withTf32(settings.targets).map((target) => {
    const work = { target: { ...target, project }, input: bench.input, classes: bench.classes, batches: bench.batches }
    const contestant = start(target.name, process.execPath, [beside('convzoo.mjs'), JSON.stringify(work)])
    return { contestant, target: work.target, cases: [] }
  })
  const variants = machine.pytorch === null ? [] : peersOf(machine)
  const peers = variants.map((variant) => {
    const parameters = [beside('pytorch.py'), variant, bench.input, `${bench.classes}`]
    return { contestant: start(`pytorch ${variant}`, python, parameters), cases: [] }
  })
  // What compiles code for each batch is warmed up last: it takes longer than all others.
  const isSlow = ({ contestant: { name } }) => Number(name.includes('compiled'))
  const entrants = [...ours, ...peers].toSorted((a, b) => isSlow(a) - isSlow(b))
  const warm = { allCases, until: began + limit * warmUpShare }
  await warmUpAll(entrants, warm)
  await takeTurns(entrants, { ...bench, allCases, until: end - limit * sharesShare })
  const shares = await inOrder(entrants, (entrant) => sharesOf(entrant, { bench, env, cwd: project, end }))
  await Promise.all(entrants.map(({ contestant }) => contestant.end()))
  return entrants.map(({ contestant: { name, failure }, description, cases }, index) => ({
    name,
    description,
    failure,
    cases: cases.map((each) => rates(each)),
    shares: shares[index],
  }))
}

async function inOrder(all, act) {
  const results = []
  for (const each of all) results.push(await act(each))
  return results
}
