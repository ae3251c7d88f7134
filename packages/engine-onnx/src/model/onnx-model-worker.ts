import { parentPort } from 'node:worker_threads'
import { internalError, isFloat32Array } from '@convzoo/core/define'
import { type Host, serve } from '@convzoo/core/engine'
import { loadModel } from './node-model.js'

/** What the worker needs before it can run the model. */
export interface ModelStart {
  readonly path: string
  readonly threads: number
  readonly spinning: boolean
}

async function start({ path, ...how }: ModelStart): Promise<Host> {
  const model = await loadModel(path, how)
  const withoutState = (): never => {
    throw internalError('The weights of an ONNX model cannot be changed.')
  }
  return {
    description: `ONNX Runtime, ${how.threads} threads`,
    async run(_, { images }) {
      if (!isFloat32Array(images)) throw internalError('The model was run without images.')
      return { output: await model.run(images) }
    },
    // The only fact about the model that is asked for: whether images are bytes, and their shape.
    read: () => Float32Array.of(Number(model.takesBytes), ...model.imageShape),
    stage: withoutState,
    commit: withoutState,
    discard: withoutState,
    stop: () => model.release(),
  }
}

if (parentPort === null) throw internalError('This file runs in a worker thread.')
serve(parentPort, { runtime: 'ONNX Runtime', start })
