// A training that goes on while something happens to it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { convzoo } from './sandbox.mjs'
import { photographs, smallTraining } from './tiny-run.mjs'

const linesOf = (run) => {
  const path = join(run, 'metrics.jsonl')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0
}

/** A training of many epochs. */
export const long = (data, run) => smallTraining(data, run, 400)

/** Acts on a training once it has made some steps. */
export async function inTheMidst(place, act, { options, parameters = (data, run) => long(data, run) } = {}) {
  const data = await photographs(join(place, 'fruit'))
  const run = join(place, 'run')
  let child
  const ended = convzoo(place, parameters(data, run), {
    ...options,
    by: (started) => {
      child = started
    },
  })
  while (child.exitCode === null && linesOf(run) < 5) await sleep(10)
  await act(child, run, data)
  return { ...(await ended), run, data }
}
