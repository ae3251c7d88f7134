// Records of what operators or kernels took, in the form of Chrome's tracing: what our engines write with their option `profile`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Events of all records in a folder. */
export function readEvents(folder) {
  const records = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return records.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
}

export const sum = (events) => events.reduce((total, { dur }) => total + dur, 0)

/** Of these events, the last ones, and what happened within them. */
export function lastRuns(events, isRun, count) {
  const last = events
    .filter(isRun)
    .sort((a, b) => a.ts - b.ts)
    .slice(-count)
  if (last.length === 0) throw new Error('No run was recorded.')
  return { last, inside: events.filter(({ ts }) => last.some((run) => ts >= run.ts && ts <= run.ts + run.dur)) }
}

/** Milliseconds of one of so many runs. */
export const perRun = (microseconds, runs) => Math.round(microseconds / runs) / 1000

/** The ten kinds of events that take longest, by a name of each. */
export function dearest(events, nameOf, runs) {
  const kinds = new Map()
  for (const each of events) kinds.set(nameOf(each), [...(kinds.get(nameOf(each)) ?? []), each])
  return [...kinds]
    .map(([operator, each]) => ({ operator, count: each.length / runs, ms: perRun(sum(each), runs) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 10)
}
