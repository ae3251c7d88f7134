// ONNX Runtime's record of a session: which operator took how long, as the thread saw it that ran the session.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sum = (events) => events.reduce((total, { dur }) => total + dur, 0)

/**
 * What the last runs of a session were spent on, in milliseconds of one of them: the whole run, its operators, those of them that copy between
 * devices, what goes before and after the operators (inputs and outputs cross), and the dearest kinds of operators.
 *
 * @param folder Where the record is, the only one with runs.
 */
export function readProfile(folder, runs) {
  const records = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const events = records.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  const isRun = ({ name }) => name === 'model_run'
  const last = events
    .filter(isRun)
    .sort((a, b) => a.ts - b.ts)
    .slice(-runs)
  if (last.length === 0) throw new Error('ONNX Runtime recorded no run.')
  const inside = events.filter(({ ts }) => last.some((run) => ts >= run.ts && ts <= run.ts + run.dur))
  const operators = inside.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
  const perRun = (microseconds) => Math.round(microseconds / last.length) / 1000
  const kinds = grouped(operators)
  const dearest = [...kinds]
    .map(([operator, each]) => ({ operator, count: each.length / last.length, ms: perRun(sum(each)) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 10)
  const executed = sum(inside.filter(({ name }) => name === 'SequentialExecutor::Execute'))
  return {
    runMs: perRun(sum(last)),
    operatorsMs: perRun(sum(operators)),
    copyOperatorsMs: perRun(sum(operators.filter(({ args }) => args.op_name.startsWith('Memcpy')))),
    aroundMs: perRun(sum(last) - executed),
    dearest,
  }
}

function grouped(operators) {
  const kinds = new Map()
  for (const each of operators) kinds.set(each.args.op_name, [...(kinds.get(each.args.op_name) ?? []), each])
  return kinds
}
