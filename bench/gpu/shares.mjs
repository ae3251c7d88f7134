// What a training step is spent on: telling the GPU what to do, copying, and arithmetic.
import { fileURLToPath } from 'node:url'
import { runProgram } from '../../gpu/process.mjs'

const program = fileURLToPath(new URL('./profile.mjs', import.meta.url))
const steps = 10

async function recorded(work, { limit, env, cwd }) {
  const { stdout, failure } = await runProgram(process.execPath, [program, JSON.stringify({ ...work, steps })], {
    limit,
    env,
    cwd,
  })
  if (failure !== undefined) throw new Error(failure)
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

/**
 * Shares of our step. On webgpu shaders are timed by the GPU. ONNX Runtime's record has the time that the thread spends on an operator, which on a GPU is that of telling it. With
 * CUDA's launches waited for, it is that of the operator's arithmetic as well.
 */
export async function sharesOfOurs(target, { bench, mode, limit, env, cwd }) {
  const work = { target, input: bench.input, classes: bench.classes, mode, batch: bench.shareBatch }
  const told = await recorded(work, { limit: limit / 2, env, cwd })
  if (target.device === 'webgpu') {
    const { toldMs, shadersMs, dearest } = told
    const how = 'timestamps of the GPU; each shader is submitted alone'
    return { how, launch: toldMs, copy: { missing: 'WebGPU has no times of copies' }, arithmetic: shadersMs, dearest }
  }
  if (target.device !== 'cuda') return { how: "ONNX Runtime's record", told }
  const waited = await recorded(work, { limit: limit / 2, env: { ...env, CUDA_LAUNCH_BLOCKING: '1' }, cwd })
  return {
    how: "ONNX Runtime's record, without and with CUDA_LAUNCH_BLOCKING",
    stepMs: told.runMs,
    launch: told.operatorsMs,
    copy: waited.aroundMs + waited.copyOperatorsMs,
    arithmetic: waited.operatorsMs - waited.copyOperatorsMs,
    told,
    waited,
  }
}

export async function sharesOfPytorch(contestant, { bench, mode, limit }) {
  const answer = await contestant.ask({ what: 'shares', mode, batch: bench.shareBatch, steps }, limit)
  return answer ?? { missing: contestant.failure }
}
