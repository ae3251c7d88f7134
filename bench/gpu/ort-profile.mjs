// ONNX Runtime's record of a session: which operator took how long, as the thread saw it that ran the session.
import { dearest, lastRuns, perRun, readEvents, sum } from './trace.mjs'

/**
 * What the last runs of a session were spent on, in milliseconds of one of them: the whole run, its operators, those of them that copy between
 * devices, what goes before and after the operators (inputs and outputs cross), and the dearest kinds of operators.
 *
 * @param folder Where the record is, the only one with runs.
 */
export function readOrtProfile(folder, runs) {
  const { last, inside } = lastRuns(readEvents(folder), ({ name }) => name === 'model_run', runs)
  const operators = inside.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
  const each = (microseconds) => perRun(microseconds, last.length)
  return {
    runMs: each(sum(last)),
    operatorsMs: each(sum(operators)),
    copyOperatorsMs: each(sum(operators.filter(({ args }) => args.op_name.startsWith('Memcpy')))),
    aroundMs: each(sum(last) - sum(inside.filter(({ name }) => name === 'SequentialExecutor::Execute'))),
    dearest: dearest(operators, ({ args }) => args.op_name, last.length),
  }
}
