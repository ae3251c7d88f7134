import { ConvzooError, type Dataset, type Score } from '@convzoo/core'
import { batchMakers, naturalOrder, prefetch } from './batches/index.js'
import { ConfusionMatrix, type Mistake, RunningScore, WorstMistakes, withoutRows } from './metrics/index.js'
import type { EvaluateOptions } from './options.js'
import { requireOutput } from './outputs.js'
import type { Session } from './session.js'

/** How well a model does on a dataset. */
export interface Evaluation extends Score {
  /** Counts: rows are true classes, columns predicted ones, in the dataset's order of classes. */
  readonly confusion: number[][]
  /** Where they were asked for: the mistakes of the highest losses, the worst first. */
  readonly mistakes?: readonly Mistake[]
}

/** Goes through a dataset in its order. */
export async function evaluateDataset(
  session: Session,
  dataset: Dataset,
  { batchSize, mistakes, signal }: EvaluateOptions,
): Promise<Evaluation> {
  const running = new RunningScore()
  const confusion = new ConfusionMatrix(dataset.classes.length)
  const worst = mistakes === undefined ? undefined : new WorstMistakes(mistakes)
  for await (const { item } of prefetch(batchMakers(dataset, naturalOrder(dataset.length), batchSize), dataset)) {
    signal?.throwIfAborted()
    const { images, targets, size, sampleIndices, skipped } = item
    const outputs = await session.run('evaluate', size, { images, targets })
    const losses = requireOutput(outputs, 'losses')
    const probabilities = requireOutput(outputs, 'probabilities')
    worst?.add({ losses, probabilities, targets }, sampleIndices, skipped)
    const scored = withoutRows({ losses, probabilities, targets }, skipped)
    running.add(scored)
    confusion.add(scored)
    dataset.recycle?.(item)
  }
  const { score } = running
  if (!Number.isFinite(score.loss)) {
    throw new ConvzooError({
      kind: 'numeric',
      message: `The loss on ${dataset.name} is not finite.`,
      expected: 'a finite number',
      received: String(score.loss),
      mend: 'look for weights or images that are not finite numbers',
    })
  }
  return { ...score, confusion: confusion.rows, ...(worst === undefined ? {} : { mistakes: worst.list }) }
}
