import { dense, flatten, functionalModel, input, type Loss, type Optimizer } from '@convzoo/core'
import { createProgram, initialState, interpreterEngine, scalarsAt } from '@convzoo/core/engine'
import { collect } from './comparison.js'

/** ½ Σ (y − t)² for each sample. */
const squaredError: Loss = {
  name: 'squaredError',
  losses: ({ ops, output, targets }) =>
    ops.multiply(ops.sum(ops.square(ops.subtract(output, targets)), { axes: [1] }), 0.5),
}

/** How far from the minimum ½ Σ ‖w − t‖² leaves the weights after 500 steps, as a part of where they started. */
export async function distanceLeft(optimizer: Optimizer, learningRate: number): Promise<number> {
  const images = input({ shape: [2, 1, 1] })
  const model = functionalModel({ inputs: images, output: dense({ units: 2, useBias: false })(flatten()(images)) })
  const program = createProgram({ model, loss: squaredError, optimizer, batchSizes: { train: [2] } })
  const target = Float32Array.of(1, -0.5, 0.25, 2)
  const executable = await interpreterEngine().compile(program)
  await executable.writeState(initialState(program, 1))
  const distance = async (): Promise<number> => {
    const weights = (await collect(executable.readState(['dense/kernel']))).get('dense/kernel')
    return Math.hypot(...target.map((x, index) => x - (weights?.[index] ?? Number.NaN)))
  }
  const start = await distance()
  for (let step = 0; step < 500; step++) {
    await executable.run('train/2', {
      images: Float32Array.of(1, 0, 0, 1), // the two unit vectors: the output is the kernel itself
      targets: target,
      sampleIndices: Uint32Array.of(0, 1),
      seed: Uint32Array.of(1, 0),
      step,
      ...scalarsAt(optimizer, step),
      learningRate,
      weightDecay: 0,
    })
  }
  return (await distance()) / start
}
