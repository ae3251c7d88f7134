import { ConvzooError, type Dataset, type Score } from '@convzoo/core'
import { naturalOrder, prefetch, viewedBatchMakers } from './batches/index.js'
import { ConfusionMatrix, type Mistake, RunningScore, ViewMean, WorstMistakes, withoutRows } from './metrics/index.js'
import type { EvaluateOptions } from './options.js'
import { requireOutput } from './outputs.js'
import type { Session } from './session.js'

/** How well a model does on a dataset. */
export interface Evaluation extends Score {
  /** Counts: rows are true classes, columns predicted ones, in the model's order of classes. */
  readonly confusion: number[][]
  /** Where they were asked for: the mistakes of the highest losses, the worst first. */
  readonly mistakes?: readonly Mistake[]
}

/** Goes through a dataset in its order. */
export async function evaluateDataset(
  session: Session,
  dataset: Dataset,
  { batchSize, mistakes, views = 1, onEvaluated, signal }: EvaluateOptions,
): Promise<Evaluation> {
  const running = new RunningScore()
  const confusion = new ConfusionMatrix(dataset.classes.length)
  const worst = mistakes === undefined ? undefined : new WorstMistakes(mistakes)
  const mean = new ViewMean(views)
  const makers = viewedBatchMakers(dataset, naturalOrder(dataset.length), batchSize, views)
  let done = 0
  for await (const { item } of prefetch(makers, dataset)) {
    signal?.throwIfAborted()
    const { images, targets, size, sampleIndices, skipped } = item
    const outputs = await session.run('evaluate', size, { images, targets })
    const losses = requireOutput(outputs, 'losses')
    const probabilities = requireOutput(outputs, 'probabilities')
    const seen = mean.add({ losses, probabilities })
    if (seen !== undefined) {
      worst?.add({ ...seen, targets }, sampleIndices, skipped)
      const scored = withoutRows({ ...seen, targets }, skipped)
      running.add(scored)
      confusion.add(scored)
    }
    dataset.recycle?.(item)
    done += size
    onEvaluated?.(done, dataset.length * views)
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
