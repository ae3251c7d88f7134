import { parentPort } from 'node:worker_threads'
import { internalError, messageOf, sizeOf } from '@convzoo/core/define'
import { type Host, serve } from '@convzoo/core/engine'
import { readModelFile, readWeightFiles, unusable } from './read.js'

/** What the worker needs before it can run a model. */
export interface LayersModelStart {
  readonly folder: string
}

async function start({ folder }: LayersModelStart): Promise<Host> {
  const core = await import('@tensorflow/tfjs-core')
  await import('@tensorflow/tfjs-backend-cpu')
  const { loadLayersModel, version_layers: version } = await import('@tensorflow/tfjs-layers')
  const { registerLayers } = await import('../layers/register.js')
  core.env().set('PROD', true)
  await core.setBackend('cpu')
  registerLayers()
  const file = await readModelFile(folder)
  const weightData = await readWeightFiles(folder, file)
  const weightSpecs = file.weights.map(({ name, shape }) => ({ name, shape: [...shape], dtype: 'float32' as const }))
  const artifacts = { modelTopology: file.topology, weightSpecs, weightData }
  const model = await loadLayersModel({ load: async () => artifacts }).catch((cause: unknown) => {
    throw unusable(folder, messageOf(cause), cause)
  })
  return {
    description: `TensorFlow.js ${version} in pure JavaScript`,
    run(_name, { images = new Float32Array() }) {
      const count = images.length / sizeOf(file.imageShape)
      const output = core.tidy(() => {
        const x = core.tensor(images, [count, ...file.imageShape], file.takesBytes ? 'int32' : 'float32')
        const [given, ...others] = [model.predict(x, { batchSize: count })].flat()
        if (given === undefined || others.length > 0) throw unusable(folder, `${others.length + 1} outputs`)
        return given
      })
      const predictions = Float32Array.from(output.dataSync())
      output.dispose()
      return { predictions }
    },
    read: () => {
      throw internalError('The weights of a LayersModel are not asked for.')
    },
    stage: () => undefined,
    commit: () => undefined,
    discard: () => undefined,
    stop: () => {
      model.dispose()
    },
  }
}

if (parentPort === null) throw internalError('This file runs in a worker thread.')
serve(parentPort, { runtime: 'TensorFlow.js', start })
