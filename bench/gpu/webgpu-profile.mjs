// Engine tfjs' record of webgpu: what each shader took by the clock of the GPU, and the thread that told it.
import { dearest, lastRuns, perRun, readEvents, sum } from './trace.mjs'

/**
 * What the last runs were spent on, in milliseconds of one of them: telling the GPU, shaders, and the dearest kinds of them, each with the
 * shape of its result. WebGPU has no times of copies.
 */
export function readWebgpuProfile(folder, runs) {
  const { last, inside } = lastRuns(readEvents(folder), ({ cat }) => cat === 'Session', runs)
  const ofKind = (kind) => inside.filter(({ cat }) => cat === kind)
  const shaders = ofKind('Kernel')
  return {
    toldMs: perRun(sum(ofKind('Thread')), last.length),
    shadersMs: perRun(sum(shaders), last.length),
    dearest: dearest(shaders, ({ name, args }) => `${name} ${args.shape}`, last.length),
  }
}
