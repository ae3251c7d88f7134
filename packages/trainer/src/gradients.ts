import { type NamedTensor, sgd } from '@convzoo/core'
import { internalError, optional, requireArguments, texts } from '@convzoo/core/define'
import { functionName, gradientName } from '@convzoo/core/engine'
import type { PlacedBatch } from './batches/index.js'
import { microBatches } from './micro-batches.js'
import { requireOutput } from './outputs.js'
import { requireKnown } from './session.js'
import { inputsOf, trainingSizes } from './step.js'
import { makers, type TrainingStepsOptions } from './training-steps.js'

/**
 * The gradients by which the next step will move the weights, as a step in micro-batches sums them: the mean over its batch of what training makes
 * smaller, before they are clipped. They are computed beside training, which is the same whether or not somebody asks.
 *
 * @param names Of trainable weights; all of them by default. None come where they are not finite.
 */
export async function* readGradients(
  options: TrainingStepsOptions,
  names?: readonly string[],
): AsyncGenerator<NamedTensor, void, undefined> {
  requireArguments('readGradients', { names: [optional(texts), names] })
  const { session, stop } = options
  const found = await session.look(() => computed(options, names), stop)
  try {
    if (!found.finite) return
    for (const name of found.names) {
      for await (const { shape, data } of found.executable.readState([gradientName(name)])) {
        yield { name, shape, data: data.map((sum) => sum / found.samples) }
      }
    }
  } finally {
    await found.executable.dispose()
  }
}

/** The sums over the next batch, on an executable that holds them. */
async function computed(options: TrainingStepsOptions, given: readonly string[] | undefined) {
  const { session, dataset, microBatchSize, stand, stop } = options
  const batch = await stop.race(nextBatch(options))
  const { size } = batch
  const part = microBatchSize ?? size
  // Of an optimizer that keeps nothing: only weights and gradients are held a second time.
  const otherwise = { optimizer: sgd(), average: undefined, accumulation: true }
  const batchSizes = trainingSizes([size], part)
  const { program, executable } = await session.beside({ ...otherwise, batchSizes })
  try {
    const gradients = new Set(program.state.flatMap(({ name, role }) => (role === 'gradient' ? [name] : [])))
    const known = program.state.flatMap(({ name }) => (gradients.has(gradientName(name)) ? [name] : []))
    const names = given ?? known
    requireKnown(names, known, 'has no gradient of')
    const { scalars: _, ...more } = inputsOf(options, stand.position.step)
    let finite = true
    for (const { count, inputs } of microBatches(batch, part)) {
      const outputs = await stop.race(executable.run(functionName('accumulate', count), { ...inputs, ...more }))
      finite &&= requireOutput(outputs, 'finite')[0] === 1
    }
    dataset.recycle?.(batch)
    return { executable, names, samples: size, finite }
  } catch (error) {
    await executable.dispose()
    throw error
  }
}

/** The batch of the next step, made once more: where an epoch or all training has ended, the first of the epoch that would follow. */
function nextBatch(options: TrainingStepsOptions): Promise<PlacedBatch> {
  const { value } = makers({ ...options, epochs: options.stand.position.epoch + 2 }).next()
  if (value === undefined) throw internalError('There is no next batch.')
  return value()
}
