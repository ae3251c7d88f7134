// A network that trains on numbers of no meaning, as the benches and the look at memory need it.
import { alexnet } from '../packages/alexnet/dist/index.js'
import { createProgram, functionName, initialState, seedWords } from '../packages/core/dist/engine.js'
import { categoricalCrossentropy, createModel, sgdw } from '../packages/core/dist/index.js'
import { nin } from '../packages/nin/dist/index.js'
import { openTarget } from './engines.mjs'

/** @param batchSizes `train` and `predict`, each with its sizes. */
export async function openTrainer({ network, input, classes, batchSizes, target }) {
  const program = createProgram({
    model: createModel({ alexnet, nin }[network], { input, classes }),
    optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }),
    loss: categoricalCrossentropy(),
    batchSizes,
  })
  const executable = await openTarget(target).compile(program)
  await executable.writeState(initialState(program, 1))
  const pixels = input[0] * input[1] * input[2]
  const kept = new Map()

  function batchOf(batchSize) {
    if (!kept.has(batchSize)) {
      // Where a worker thread sees them too, and a device may read them, as PyTorch's side has its batch pinned.
      const images = new Float32Array(new SharedArrayBuffer(batchSize * pixels * Float32Array.BYTES_PER_ELEMENT))
      for (let index = 0; index < images.length; index++) images[index] = Math.sin(index)
      const targets = new Float32Array(batchSize * classes)
      for (let sample = 0; sample < batchSize; sample++) targets[sample * classes + (sample % classes)] = 1
      const sampleIndices = Uint32Array.from({ length: batchSize }, (_, index) => index)
      kept.set(batchSize, { images, targets, sampleIndices })
    }
    return kept.get(batchSize)
  }

  let step = 0
  return {
    description: executable.description,
    /**
     * One step, or the prediction of one batch; what it gives has crossed to this process when it is done.
     *
     * @param after Whether it follows a step that may be under way.
     */
    async run(mode, batchSize, after = false) {
      const { images, targets, sampleIndices } = batchOf(batchSize)
      if (mode === 'predict') return executable.run(functionName('predict', batchSize), { images })
      const seed = Uint32Array.from(seedWords(1))
      const rest = { targets, sampleIndices, seed, step, learningRate: 0.001, weightDecay: 5e-4 }
      step += 1
      const [name, inputs] = [functionName('train', batchSize), { images, ...rest }]
      return after ? executable.runAfter(name, inputs) : executable.run(name, inputs)
    },
    dispose: () => executable.dispose(),
  }
}
